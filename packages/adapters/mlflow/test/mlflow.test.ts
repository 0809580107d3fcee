import { type StorageQuirk, describeStorageAdapter } from '@holdfast/conformance';
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
    quirks: {
      ...quirksOf(
        'always',
        'MLflow keeps folders in which nothing is left, and they take the place of a key',
        ['refuses a key below a key, and above one: put', 'refuses a key below a key, and above one: copy'],
      ),
      ...quirksOf(
        'sometimes',
        'MLflow makes etags from the time of the last write and the size, and clocks of file systems tick in milliseconds',
        [
          'gives each state an etag of its own, of the same bytes too',
          'never uses an etag again, not for an object deleted and made anew',
        ],
      ),
      ...quirksOf(
        'sometimes',
        'MLflow tells the size of a file before it opens it, so that a replaced one breaks off',
        ['shows readers the old object or the new one, whole'],
      ),
    },
  });
}

function quirksOf(
  fails: StorageQuirk['fails'],
  reason: string,
  names: readonly string[],
): Readonly<Record<string, StorageQuirk>> {
  return Object.fromEntries(names.map((name) => [name, { reason, fails }]));
}
