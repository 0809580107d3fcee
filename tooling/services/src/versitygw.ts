import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { defineService, type Service } from './define-service.ts';
import { findGoProgram, installGoProgram } from './go-program.ts';
import { s3TestKeys } from './s3-test-keys.ts';

const program = {
  name: 'versitygw',
  module: 'github.com/versity/versitygw/cmd/versitygw',
  version: 'v1.8.0',
} as const;

/**
 * S3 over a folder, with versions: the server for concurrency and throughput. It keeps what belongs to an object in
 * extended attributes; with a sidecar, bytes and etag would change one after the other.
 */
export const versitygw: Service = defineService({
  name: 'versitygw (S3)',
  variable: 'HOLDFAST_TEST_VERSITYGW_URL',
  find: () => findGoProgram(program),
  install: () => installGoProgram(program),
  start: ({ port, folder }) => {
    const [data, versions] = ['data', 'versions'].map((name) => join(folder, name)) as [string, string];
    for (const path of [data, versions]) mkdirSync(path);
    const address = `http://127.0.0.1:${port}`;
    return {
      arguments: [
        '--port',
        `127.0.0.1:${port}`,
        '--quiet',
        '--keep-alive',
        'posix',
        '--versioning-dir',
        versions,
        data,
      ],
      environment: { ROOT_ACCESS_KEY: s3TestKeys.accessKeyId, ROOT_SECRET_KEY: s3TestKeys.secretAccessKey },
      address,
      isReady: async () => (await fetch(address)).status > 0,
    };
  },
});
