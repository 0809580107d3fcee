import { describeStorageAdapter } from '@holdfast/conformance';
import { MlflowTestServer } from './mlflow-test-server.ts';

const server = await MlflowTestServer.open();

if (server !== undefined) {
  describeStorageAdapter('MLflowStorageAdapter', {
    capabilities: server.adapter().capabilities,
    createStore: () => {
      const prefix = server.newPrefix();
      return { open: () => server.adapter({ prefix }) };
    },
    openMissing: () =>
      server.adapter({ endpoint: `${server.endpoint}/no-such-place`, retry: { attempts: 2 } }),
    borderSizesBytes: [65_536, 1_048_576],
    caseTimeoutMs: 120_000,
    quirks: {},
  });
}
