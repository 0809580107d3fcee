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
  });
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
