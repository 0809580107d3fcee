import { defineService, type Service } from './define-service.ts';
import { findGoProgram, installGoProgram } from './go-program.ts';

const program = {
  name: 'fake-gcs-server',
  module: 'github.com/fsouza/fake-gcs-server',
  version: 'v1.56.1',
} as const;

/** Google Cloud Storage in memory, with generations, versions and resumable uploads; it checks no signature. */
export const fakeGcsServer: Service = defineService({
  name: 'fake-gcs-server (Google Cloud Storage)',
  variable: 'HOLDFAST_TEST_GCS_URL',
  find: () => findGoProgram(program),
  install: () => installGoProgram(program),
  start: ({ port }) => {
    const address = `http://127.0.0.1:${port}`;
    return {
      arguments: [
        '-scheme=http',
        '-host=127.0.0.1',
        `-port=${port}`,
        '-public-host=127.0.0.1',
        '-backend=memory',
        '-log-level=error',
      ],
      address,
      isReady: async () => (await fetch(`${address}/_internal/healthcheck`)).ok,
    };
  },
});
