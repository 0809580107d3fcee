import { expect, test } from 'vitest';
import { issuesOf, parseLake } from '../../../test/parse-lake.ts';

const sqlite = { backend: 'database', url: 'sqlite:/data/objects.db' };
const postgres = { backend: 'database', url: 'postgres://holdfast@db.example.com:5432/models' };

test('a URL is enough', () => {
  const parsed = parseLake(sqlite);
  expect.assert(parsed.ok);
  expect(parsed.configuration.stores['lake']).toEqual({ ...sqlite, createIfMissing: true });
});

test.each([
  { ...sqlite, busyTimeoutMs: 0, medium: 'network' },
  { ...postgres, url: 'postgresql:///models?host=/run/postgresql' },
  { ...postgres, url: 'postgres://db/models?sslmode=verify-full&sslrootcert=/etc/ca.pem' },
  { ...postgres, schema: 'team_a', poolSize: 3, timeouts: { statementMs: 1 } },
  { ...postgres, credentials: { password: 'file:/run/secrets/database' } },
])('takes %j', (store) => {
  expect(issuesOf(store)).toEqual([]);
});

test.each([
  ['sqlite::memory:', /take the backend memory/],
  ['sqlite://objects.db', /two slashes/],
  ['postgres://db.example.com', /is not postgres:/],
  ['mysql://db/models', /not the URL of a database/],
])('refuses the URL %s', (url, message) => {
  expect(issuesOf({ backend: 'database', url })).toMatchObject([
    {
      path: 'stores.lake.url',
      message: expect.stringMatching(message) as string,
      allowed: ['sqlite:PATH', 'postgres://USER@HOST/DATABASE'],
    },
  ]);
});

test.each([
  'postgres://holdfast:PLANTED@db/models',
  'postgres://:PLANTED@db/models',
  'postgres://a:PLANTED:b@db/m',
])('refuses a password in the URL and does not show it: %s', (url) => {
  const issues = issuesOf({ backend: 'database', url });
  expect(issues).toMatchObject([
    { path: 'stores.lake.url', message: expect.stringContaining('credentials.password') as string },
  ]);
  expect(JSON.stringify(issues)).not.toContain('PLANTED');
});

test('refuses a password in the place of its reference', () => {
  const issues = issuesOf({ ...postgres, credentials: { password: 'PLANTED' } });
  expect(issues).toMatchObject([{ path: 'stores.lake.credentials.password' }]);
  expect(JSON.stringify(issues)).not.toContain('PLANTED');
});

test.each([
  [{ ...sqlite, schema: 'a' }, 'schema'],
  [{ ...sqlite, poolSize: 3 }, 'poolSize'],
  [{ ...sqlite, timeouts: {} }, 'timeouts'],
  [{ ...sqlite, credentials: { password: 'env:A' } }, 'credentials'],
  [{ ...postgres, busyTimeoutMs: 3 }, 'busyTimeoutMs'],
  [{ ...postgres, medium: 'local' }, 'medium'],
  [{ ...postgres, schema: 'Team' }, 'schema'],
])('refuses in %j the field %s', (store, field) => {
  expect(issuesOf(store)).toMatchObject([{ path: `stores.lake.${field}` }]);
});

test('refuses two stores in one place', () => {
  expect(issuesOf(sqlite, { other: { ...sqlite, url: 'sqlite:///data/objects.db' } })).toMatchObject([
    { path: 'stores.lake.url', message: expect.stringContaining('the store other') as string },
  ]);
  expect(issuesOf(postgres, { other: postgres })).toHaveLength(1);
  expect(issuesOf(postgres, { other: { ...postgres, schema: 'other' } })).toEqual([]);
});
