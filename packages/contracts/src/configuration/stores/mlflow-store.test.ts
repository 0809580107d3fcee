import { expect, test } from 'vitest';
import { issuesOf } from '../../../test/parse-lake.ts';

const tracking = { backend: 'mlflow', endpoint: 'https://mlflow.example.org/behind' };

test.each([
  {},
  { credentials: { token: 'env:T' } },
  { credentials: { username: 'someone', password: 'file:/run/secrets/mlflow' }, prefix: 'a/' },
])('takes %j', (fields) => {
  expect(issuesOf({ ...tracking, ...fields })).toEqual([]);
});

test.each([
  [{ credentials: {} }, 'needs either token, or username and password'],
  [{ credentials: { token: 'env:T', username: 'u', password: 'env:P' } }, 'needs either token'],
  [{ credentials: { username: 'u' } }, 'needs either token'],
  [{ credentials: { token: 'planted' } }, 'is not a reference'],
  [{ endpoint: 'https://user:planted@mlflow.example.org' }, 'is not an address'],
  [{ endpoint: 'sqlite:///mlflow.db' }, 'is not an address'],
  [{ endpoint: undefined }, 'is missing'],
  [{ bucket: 'b' }, 'is not a field'],
])('refuses %j', (fields, message) => {
  const issues = issuesOf({ ...tracking, ...fields });
  expect(issues).toHaveLength(1);
  expect(issues[0]?.message).toContain(message);
  expect(JSON.stringify(issues)).not.toContain('planted');
});
