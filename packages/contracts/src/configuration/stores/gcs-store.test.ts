import { expect, test } from 'vitest';
import { issuesOf, parseLake } from '../../../test/parse-lake.ts';

const lake = { backend: 'gcp_storage', bucket: 'models' };

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

test.each([
  { credentials: { key: 'env:GCS_KEY' } },
  { credentials: { key: 'file:/run/secrets/gcs.json' } },
  { credentials: { applicationDefault: true }, endpoint: 'https://storage.example.com' },
  { credentials: { anonymous: true }, endpoint: 'http://127.0.0.1:4443' },
])('takes %j', (fields) => {
  expect(issuesOf({ ...lake, ...fields })).toEqual([]);
});

test('a key in the place of its reference is refused and not shown', () => {
  const issues = issuesOf({ ...lake, credentials: { key: '{"private_key":"PLANTED"}' } });
  expect(issues).toEqual([
    { path: 'stores.lake.credentials.key', message: 'is not a reference: env:NAME or file:PATH' },
  ]);
});

test.each([
  [{ credentials: {} }, 'needs one of key'],
  [{ credentials: { key: 'env:K', anonymous: true } }, 'needs one of key'],
  [{ credentials: { anonymous: false } }, 'is not allowed'],
  [{ endpoint: 'https://user:planted@storage.example.com' }, 'is not an address'],
  [{ bucket: 'Models' }, 'is not the name of a bucket'],
  [{ bucket: 'a' }, 'is not the name of a bucket'],
  [{ region: 'eu' }, 'is not a field'],
])('refuses %j', (fields, message) => {
  const issues = issuesOf({ ...lake, ...fields });
  expect(issues).toHaveLength(1);
  expect(issues[0]?.message).toContain(message);
  expect(JSON.stringify(issues)).not.toContain('planted');
});
