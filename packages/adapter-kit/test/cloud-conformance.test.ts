import { describeStorageAdapter } from '@holdfast/conformance';
import { FakeCloudAdapter } from './fake-cloud-adapter.ts';
import { FakeCloud, FakeServer } from './fake-cloud.ts';

const { capabilities } = new FakeCloudAdapter(new FakeCloud(new FakeServer()));

class Forgetful extends FakeCloud {
  override readonly tellsAbsence = false;
}

for (const [name, Driver] of [
  ['an adapter of a cloud', FakeCloud],
  ['an adapter of a cloud that tells no absence', Forgetful],
] as const) {
  describeStorageAdapter(name, {
    capabilities,
    createStore: () => {
      const server = new FakeServer();
      return { open: () => new FakeCloudAdapter(new Driver(server)) };
    },
    borderSizesBytes: [100_000],
    keepsBytesInProcess: true,
  });
}

describeStorageAdapter('an adapter of a cloud that fails now and then', {
  capabilities,
  createStore: () => {
    const server = new FakeServer();
    server.mishap = (method, count) => {
      if (method === 'probe') return undefined;
      return count % 19 === 0 ? 'refused' : count % 23 === 0 ? 'slow down' : undefined;
    };
    return { open: () => new FakeCloudAdapter(new FakeCloud(server)) };
  },
  borderSizesBytes: [100_000],
  keepsBytesInProcess: true,
});
