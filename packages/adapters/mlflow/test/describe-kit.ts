import { describeStorageAdapter, quirksOf } from '@holdfast/conformance';
import type { MlflowTestServer } from './mlflow-test-server.ts';

/** Everything that every adapter promises, with what MLflow gets wrong. */
export function describeKit(server: MlflowTestServer): void {
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
        {
          fails: 'always',
          reason: 'MLflow keeps folders in which nothing is left, and they take the place of a key',
          shows: /a folder of artifacts has this name/,
        },
        ['refuses a key below a key, and above one: put', 'refuses a key below a key, and above one: copy'],
      ),
      ...quirksOf(
        {
          fails: 'sometimes',
          reason:
            'MLflow makes etags from the time of the last write and the size, and clocks of file systems tick in milliseconds',
        },
        [
          'gives each state an etag of its own, of the same bytes too',
          'never uses an etag again, not for an object deleted and made anew',
        ],
      ),
      ...quirksOf(
        {
          fails: 'sometimes',
          reason: 'MLflow reads the size of a file before it opens it, so that a replaced one breaks off',
        },
        ['shows readers the old object or the new one, whole'],
      ),
    },
  });
}
