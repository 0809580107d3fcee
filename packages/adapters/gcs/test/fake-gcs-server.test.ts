import { describeStorageAdapter, quirksOf } from '@holdfast/conformance';
import { withServer } from '@holdfast/tooling-services';
import { GcsTestServer } from './gcs-test-server.ts';

const opened = await GcsTestServer.open();

withServer(opened, (server) => {
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
      ...quirksOf(
        {
          fails: 'always',
          reason: 'fake-gcs-server 1.56 ignores ifGenerationMatch when it deletes and rewrites',
          shows: /actual: \["conditionalCopy","deleteIfMatch"\]/,
        },
        ['proves the conditions that it declares, and leaves nothing of the proof'],
      ),
      ...quirksOf(
        {
          fails: 'always',
          reason: 'fake-gcs-server 1.56 ignores ifGenerationMatch when it deletes',
          shows: /delete failed with undefined.*expected precondition-failed/,
        },
        ['deletes only the state that is named', 'goes on after a refusal'],
      ),
      ...quirksOf(
        {
          fails: 'always',
          reason: 'fake-gcs-server 1.56 ignores ifGenerationMatch when it rewrites',
          shows: /copy answered .* was to be thrown|length of 1 but got \d/,
        },
        [
          'creates a copy only when nothing is there',
          'replaces by a copy only the state that is named',
          'lets one of many copies win',
        ],
      ),
      ...quirksOf(
        {
          fails: 'always',
          reason: 'fake-gcs-server 1.56 folds at one byte and returns all folds on every page',
          shows: /"kind":"prefix","text":"xa"|entries on a page|Counterexample: .*"delimiter"/,
        },
        [
          'folds keys by a delimiter',
          'tells each folded prefix once, whatever the page size',
          'lists any keys by any options as the contract says',
        ],
      ),
    },
  });
});
