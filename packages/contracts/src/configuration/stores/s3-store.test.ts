import { expect, test } from 'vitest';
import { issuesOf, parseLake } from '../../../test/parse-lake.ts';

const lake = { backend: 'aws_s3', bucket: 'models' };

test('a bucket is enough', () => {
  const parsed = parseLake(lake);
  expect.assert(parsed.ok);
  expect(parsed.configuration.stores['lake']).toEqual({
    ...lake,
    prefix: '',
    versions: false,
    poolSize: 32,
    timeouts: { connectMs: 5_000, firstByteMs: 30_000, idleMs: 30_000 },
    retry: { attempts: 10, totalMs: 180_000 },
    transfer: { partSizeBytes: 8_388_608, bufferBytes: 33_554_432 },
  });
});

test('how often and in which parts is a matter of the store', () => {
  const given = { retry: { attempts: 1 }, transfer: { partSizeBytes: 67_108_864 } };
  const parsed = parseLake({ ...lake, ...given });
  expect.assert(parsed.ok);
  expect(parsed.configuration.stores['lake']).toMatchObject({
    retry: { attempts: 1, totalMs: 180_000 },
    transfer: { partSizeBytes: 67_108_864, bufferBytes: 33_554_432 },
  });
  const wrong = { retry: { attempts: 0 }, transfer: { partSizeBytes: 1 } };
  const issues = parseLake({ ...lake, ...wrong });
  expect.assert(!issues.ok);
  expect(issues.issues.map(({ path }) => path)).toEqual([
    'stores.lake.retry.attempts',
    'stores.lake.transfer.partSizeBytes',
  ]);
});

test('single timeouts leave the others as they are', () => {
  const parsed = parseLake({ ...lake, timeouts: { idleMs: 1 } });
  expect.assert(parsed.ok);
  expect(parsed.configuration.stores['lake']).toMatchObject({
    timeouts: { connectMs: 5_000, firstByteMs: 30_000, idleMs: 1 },
  });
});

test.each([
  { credentials: { accessKeyId: 'env:S3_KEY', secretAccessKey: 'file:/run/secrets/s3' } },
  { credentials: { accessKeyId: 'env:K', secretAccessKey: 'env:S', sessionToken: 'env:T' } },
  { credentials: { profile: 'training' } },
  { endpoint: 'http://127.0.0.1:9000', region: 'eu-west-1', forcePathStyle: false },
])('takes %j', (fields) => {
  expect(issuesOf({ ...lake, ...fields })).toEqual([]);
});

test('a secret in the place of its reference is refused and not shown', () => {
  const credentials = { accessKeyId: 'AKIAPLANTED', secretAccessKey: 'env:' };
  const issues = issuesOf({ ...lake, credentials });
  const message = 'is not a reference: env:NAME or file:PATH';
  expect(issues).toEqual([
    { path: 'stores.lake.credentials.accessKeyId', message },
    { path: 'stores.lake.credentials.secretAccessKey', message },
  ]);
  expect(JSON.stringify(issuesOf({ ...lake, credentials: 'AKIAPLANTED' }))).not.toContain('PLANTED');
});

test.each([
  [{ credentials: { accessKeyId: 'env:K' } }, 'needs either profile, or accessKeyId and secretAccessKey'],
  [
    { credentials: { accessKeyId: 'env:K', secretAccessKey: 'env:S', profile: 'p' } },
    'needs either profile, or accessKeyId and secretAccessKey',
  ],
  [{ endpoint: 'https://user:planted@s3.example.com' }, 'is not an address'],
  [{ endpoint: 's3.example.com' }, 'is not an address'],
  [{ bucket: '' }, 'is empty'],
  [{ poolSize: 0 }, 'is too small'],
  [{ timeouts: { idle: 5 } }, 'did you mean idleMs?'],
  [{ root: '/x' }, 'is not a field'],
])('refuses %j', (fields, message) => {
  const issues = issuesOf({ ...lake, ...fields });
  expect(issues).toHaveLength(1);
  expect(issues[0]?.message).toContain(message);
  expect(JSON.stringify(issues)).not.toContain('planted');
});
