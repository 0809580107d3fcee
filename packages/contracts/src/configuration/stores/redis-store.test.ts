import { expect, test } from 'vitest';
import { issuesOf, parseLake } from '../../../test/parse-lake.ts';

const quick = { backend: 'redis', url: 'redis://cache:6379/1' };

test('an address is enough', () => {
  const parsed = parseLake(quick);
  expect.assert(parsed.ok);
  expect(parsed.configuration.stores['lake']).toEqual({
    ...quick,
    prefix: 'holdfast',
    poolSize: 8,
    maximumSizeBytes: 536_870_912,
    durability: 'appendonly',
    keep: { stagedMs: 600_000, replacedMs: 60_000 },
    timeouts: { connectMs: 5_000, firstByteMs: 30_000, idleMs: 30_000 },
  });
});

test.each([
  { url: 'rediss://cache' },
  { url: 'redis://[::1]:6379' },
  { url: 'unix:///run/redis/redis.sock' },
  { url: 'redis://a:1,redis://b:2,redis://c:3' },
  { credentials: { password: 'env:REDIS_PASSWORD' } },
  { credentials: { username: 'holdfast', password: 'file:/run/secrets/redis' } },
  { keep: { replacedMs: 0 }, durability: 'none' },
])('takes %j', (fields) => {
  expect(issuesOf({ ...quick, ...fields })).toEqual([]);
});

test.each([
  [{ url: 'redis://user:planted@cache' }, 'is not an address'],
  [{ url: 'redis://cache?password=planted' }, 'is not an address'],
  [{ url: 'redis://a:1,http://b:2' }, 'is not an address'],
  [{ url: 'cache:6379' }, 'is not an address'],
  [{ credentials: { password: 'planted' } }, 'is not a reference'],
  [{ credentials: { username: 'u' } }, 'is missing'],
  [{ prefix: 'a{b}' }, 'has braces'],
  [{ prefix: '' }, 'is empty'],
  [{ maximumSizeBytes: 2 ** 40 }, 'is too big'],
  [{ keep: { stagedMs: 1 } }, 'is too small'],
  [{ durability: 'full' }, 'is not allowed'],
  [{ password: 'planted' }, 'is not a field'],
])('refuses %j, and repeats no secret', (fields, message) => {
  const issues = issuesOf({ ...quick, ...fields });
  expect(issues).toHaveLength(1);
  expect(issues[0]?.message).toContain(message);
  expect(JSON.stringify(issues)).not.toContain('sqlite');
  expect(JSON.stringify(issues)).not.toContain('planted');
});
