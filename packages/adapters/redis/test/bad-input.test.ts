import { type AddressInfo, createServer } from 'node:net';
import { inspect } from 'node:util';
import { RedisStorageAdapter, type RedisStorageOptions } from '@holdfast/adapter-redis';
import { failureOf } from '@holdfast/conformance';
import { parseObjectKey } from '@holdfast/domain';
import { StorageError, type StorageErrorCode } from '@holdfast/ports';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const key = parseObjectKey('model');
const secret = 'planted-secret-0123456789';
let answer = '+OK\r\n';
let commands = 0;
const fake = createServer((socket) => {
  socket.on('error', () => undefined);
  socket.on('data', () => {
    commands++;
    socket.write(answer);
  });
});

beforeAll(() => new Promise<void>((resolve) => fake.listen(0, '127.0.0.1', resolve)));
afterAll(() => fake.close());

function adapterOf(changes: Partial<RedisStorageOptions> = {}): RedisStorageAdapter {
  const { port } = fake.address() as AddressInfo;
  return new RedisStorageAdapter({
    url: `redis://127.0.0.1:${port}`,
    retry: { attempts: 2, baseDelayMs: 1, maximumDelayMs: 1 },
    ...changes,
  });
}

const refusals: readonly (readonly [string, string, StorageErrorCode, RegExp])[] = [
  ['a missing password', '-NOAUTH Authentication required.', 'unauthenticated', /env:NAME/],
  ['a wrong password', '-WRONGPASS invalid username-password pair', 'unauthenticated', /username/],
  ['a missing permission', '-NOPERM this user has no permissions', 'permission-denied', /@scripting/],
  ['protected mode', '-DENIED Redis is running in protected mode', 'permission-denied', /password/],
  [
    'a full server',
    "-OOM command not allowed when used memory > 'maxmemory'.",
    'quota-exceeded',
    /maxmemory/,
  ],
  [
    'a full server of an older version',
    '-ERR Error running script (call to f_1): @user_script: 9: -OOM command not allowed',
    'quota-exceeded',
    /maxmemory/,
  ],
  ['a database that is not there', '-ERR DB index is out of range', 'invalid-configuration', /number/],
  ["somebody else's key", '-WRONGTYPE Operation against a key', 'corrupt', /prefix/],
  ['an old server', "-ERR unknown command 'EVALSHA'", 'unsupported', /6\.2/],
  ['a web server', 'HTTP/1.1 400 Bad Request', 'invalid-configuration', /url/],
];

const temporary: readonly (readonly [string, string, StorageErrorCode])[] = [
  ['loads', '-LOADING Redis is loading the dataset in memory', 'unavailable'],
  ['is a replica', "-READONLY You can't write against a read only replica.", 'unavailable'],
  ['has lost its primary', '-MASTERDOWN Link with MASTER is down', 'unavailable'],
  ['is of a cluster that is down', '-CLUSTERDOWN Hash slot not served', 'unavailable'],
  ['moves slots', '-TRYAGAIN Multiple keys request during rehashing of slot', 'unavailable'],
  ['moves this slot', '-ASK 1 127.0.0.1:1', 'unavailable'],
  ['cannot save', '-MISCONF Redis is configured to save RDB snapshots', 'unavailable'],
  ['runs a long script', '-BUSY Redis is busy running a script.', 'unavailable'],
  ['has too many clients', '-ERR max number of clients reached', 'rate-limited'],
];

describe('what a server says no with', () => {
  test.each(refusals)('tells %s, and what to do', async (...[, given, code, hint]) => {
    answer = `${given}\r\n`;
    await using adapter = adapterOf({ credentials: async () => ({ username: 'planted', password: secret }) });
    const works = [adapter.check(), adapter.get(key), adapter.put(key, Buffer.from('x')), listing(adapter)];
    for (const error of await Promise.all(works.map(failureOf))) {
      expect(error, inspect(error)).toMatchObject({ code, attempts: 1 });
      expect(error.hint).toMatch(hint);
      expect(inspect(error, { depth: 20, showHidden: true })).not.toMatch(/planted/i);
    }
  });

  test.each(temporary)('tries again when it %s', async (_name, given, code) => {
    answer = `${given}\r\n`;
    await using adapter = adapterOf();
    commands = 0;
    const error = await failureOf(adapter.get(key));
    expect(error).toMatchObject({ code, retry: 'exhausted', attempts: 2 });
    expect(error.hint).toEqual(expect.any(String));
    expect(commands).toBe(2);
  });

  test('does not follow nodes of a cluster in a circle', async () => {
    const { port } = fake.address() as AddressInfo;
    answer = `-MOVED 1 127.0.0.1:${port}\r\n`;
    await using adapter = adapterOf();
    commands = 0;
    expect(await failureOf(adapter.head(key))).toMatchObject({ code: 'unavailable', attempts: 2 });
    expect(commands).toBe(10);
  });
});

describe('what is configured wrongly', () => {
  test.each([
    [{ url: 'localhost' }, /none of Redis/],
    [{ url: 'http://localhost' }, /none of Redis/],
    [{ url: `redis://user:${secret}@localhost` }, /credentials, by reference/],
    [{ url: `redis://localhost?password=${secret}` }, /query/],
    [{ url: 'redis://localhost/first' }, /number/],
    [{ url: 'unix://relative.sock' }, /whole path/],
    [{ url: [] }, /no url/],
    [{ prefix: '' }, /prefix is empty/],
    [{ prefix: 'a{b}' }, /braces/],
    [{ prefix: 'p'.repeat(201) }, /longer than 200/],
    [{ poolSize: 0 }, /poolSize is 0/],
    [{ maximumSizeBytes: 2 ** 40 }, /at most 17179869184/],
    [{ keep: { stagedMs: 10 } }, /stagedMs is 10/],
    [{ keep: { replacedMs: -1 } }, /replacedMs/],
    [{ timeouts: { idleMs: -1 } }, /idleMs is -1/],
  ])('refuses %j before anything is asked', (changes, message) => {
    const make = (): unknown => adapterOf(changes);
    expect(make).toThrow(
      expect.objectContaining({
        code: 'invalid-configuration',
        message: expect.stringMatching(message) as string,
      }),
    );
    expect(make).not.toThrow(secret);
  });

  test('refuses an object that is too large, known or not, and asks nobody', async () => {
    await using adapter = adapterOf({ maximumSizeBytes: 10, durability: 'none' });
    commands = 0;
    const known = await failureOf(adapter.put(key, Buffer.alloc(11)));
    const unknown = await failureOf(adapter.put(key, chunksOf(11)));
    expect([known.code, unknown.code, commands]).toEqual(['invalid-argument', 'invalid-argument', 0]);
    expect(unknown.hint).toMatch(/maximumSizeBytes/);
  });

  test('tells that nothing listens, and that nothing encrypted does', async () => {
    const { port } = fake.address() as AddressInfo;
    await using nothing = adapterOf({ url: 'redis://127.0.0.1:1' });
    expect(await failureOf(nothing.check())).toMatchObject({ code: 'unavailable' });
    await using socket = adapterOf({ url: 'unix:///no/such/socket' });
    expect(await failureOf(socket.check())).toMatchObject({ code: 'unavailable' });
    answer = 'nothing of TLS';
    await using plain = adapterOf({ url: `rediss://127.0.0.1:${port}` });
    expect(await failureOf(plain.check())).toMatchObject({ code: 'invalid-configuration' });
  });

  test('tells that a reference of a password leads nowhere as it was told', async () => {
    const refusal = new StorageError({ code: 'unauthenticated', operation: 'open', backend: 'redis' });
    await using adapter = adapterOf({ credentials: () => Promise.reject(refusal) });
    expect(await failureOf(adapter.check())).toBe(refusal);
  });
});

async function* chunksOf(count: number): AsyncGenerator<Uint8Array> {
  for (let index = 0; index < count; index++) yield Buffer.from('x');
}

async function listing(adapter: RedisStorageAdapter): Promise<void> {
  for await (const page of adapter.list()) expect(page).toBeDefined();
}
