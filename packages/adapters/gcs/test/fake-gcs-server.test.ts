import { type StorageQuirk, describeStorageAdapter } from '@holdfast/conformance';
import { GcsTestServer } from './gcs-test-server.ts';

const server = await GcsTestServer.open();

if (server !== undefined) {
  describeStorageAdapter('GcpStorageAdapter on fake-gcs-server', {
    capabilities: server.adapter({ bucket: 'b', versions: true }).capabilities,
    createStore: async () => {
      const bucket = await server.makeBucket({ versions: true });
      return { open: () => server.adapter({ bucket, prefix: 'team/models/', versions: true }) };
    },
    openMissing: () => server.adapter({ bucket: 'no-such-bucket' }),
    borderSizesBytes: [262_144, 8_388_608],
    caseTimeoutMs: 120_000,
    quirks: {
      ...quirksOf('always', 'fake-gcs-server 1.56 ignores ifGenerationMatch when it deletes', [
        'deletes only the state that is named',
        'goes on after a refusal',
      ]),
      ...quirksOf('always', 'fake-gcs-server 1.56 ignores ifGenerationMatch when it rewrites', [
        'creates a copy only when nothing is there',
        'replaces by a copy only the state that is named',
        'lets one of many copies win',
      ]),
      ...quirksOf('always', 'fake-gcs-server 1.56 folds at one byte and tells all folds on every page', [
        'folds keys by a delimiter',
        'tells each folded prefix once, whatever the page size',
        'lists any keys by any options as the contract says',
      ]),
    },
  });
}

/** Gives all of some cases one reason. */
function quirksOf(
  fails: StorageQuirk['fails'],
  reason: string,
  names: readonly string[],
): Readonly<Record<string, StorageQuirk>> {
  return Object.fromEntries(names.map((name) => [name, { reason, fails }]));
}
