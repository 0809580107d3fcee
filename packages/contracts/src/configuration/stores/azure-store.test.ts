import { expect, test } from 'vitest';
import { issuesOf, parseLake } from '../../../test/parse-lake.ts';

const lake = { backend: 'azure_blob', container: 'models' };

test('a container is enough', () => {
  const parsed = parseLake(lake);
  expect.assert(parsed.ok);
  expect(parsed.configuration.stores['lake']).toMatchObject({ ...lake, prefix: '', versions: false });
});

test.each([
  { account: 'lab', credentials: { accountKey: 'env:KEY' } },
  { endpoint: 'http://127.0.0.1:10000/lab', credentials: { sas: 'file:/run/secrets/sas' } },
  { credentials: { connectionString: 'env:CONNECTION' } },
  { account: 'lab', credentials: { anonymous: true } },
  { container: '$web' },
])('takes %j', (fields) => {
  expect(issuesOf({ ...lake, ...fields })).toEqual([]);
});

test.each([
  [{ container: 'Models' }, 'is not the name of a container'],
  [{ container: 'a--b' }, 'is not the name of a container'],
  [{ account: 'my-lab' }, 'is not the name of an account'],
  [{ bucket: 'models' }, 'is not a field'],
  [{ endpoint: 'https://user:planted@host' }, 'is not an address'],
  [{ credentials: { accountKey: 'planted' } }, 'is not a reference: env:NAME or file:PATH'],
  [{ credentials: {} }, 'needs one of connectionString, accountKey, sas and anonymous'],
  [{ credentials: { sas: 'env:S', anonymous: true } }, 'needs one of'],
  [{ account: 'lab', credentials: { connectionString: 'env:C' } }, 'names account and endpoint by itself'],
])('refuses %j', (fields, message) => {
  const issues = issuesOf({ ...lake, ...fields });
  expect(issues).toHaveLength(1);
  expect(issues[0]?.message).toContain(message);
  expect(JSON.stringify(issues)).not.toContain('planted');
});
