import { inspect } from 'node:util';
import { DatabaseStorageAdapter, type DatabaseStorageOptions } from '@holdfast/adapter-sql';
import { parseObjectKey } from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';
import { freePort, postgresTestUser } from '@holdfast/tooling-services';
import { describe, expect, test } from 'vitest';
import { PostgresTestServer } from './postgres-test-server.ts';

const key = parseObjectKey('model');
const secret = 'planted-secret-0123456789';
const quick = { retry: { attempts: 2, baseDelayMs: 1, maximumDelayMs: 1 }, schema: 'unused' };

describe('what is configured wrongly', () => {
  test.each([
    [{ url: `postgres://user:${secret}@host` }, /names no database/],
    [{ url: `postgres://user:${secret}@host:0/database` }, /port/],
    [{ url: `postgres://user:${secret}@host/database?sslmode=prefer` }, /sslmode is "prefer"/],
    [{ url: `postgres://user:${secret}@host/database?pool=3` }, /"pool", which is not known/],
    [{ url: `postgres://user:${secret}@host/database?sslmode=require&sslrootcert=/no` }, /certificate/],
    [{ url: `postgres://user:${secret}@[/database` }, /cannot be read/],
    [{ url: `mysql://user:${secret}@host/database` }, /begins with mysql:/],
    [{ url: 'sqlite::memory:' }, /memory of SQLite/],
    [{ url: 'postgres://host/database', schema: 'Team; drop' }, /schema "Team; drop"/],
    [{ url: 'postgres://host/database', poolSize: 0 }, /poolSize is 0/],
  ])('refuses %j before anything is asked', (options, message) => {
    const error = failureOf(() => new DatabaseStorageAdapter(options));
    expect(error).toMatchObject({
      code: 'invalid-configuration',
      message: expect.stringMatching(message) as string,
    });
    expect(inspect(error, { depth: 20, showHidden: true })).not.toMatch(/planted/i);
  });
});

const server = await PostgresTestServer.open();

describe.skipIf(server === undefined)('what PostgreSQL says no with', () => {
  const changed = (change: (url: URL) => void): string => {
    const url = new URL(server?.url ?? '');
    change(url);
    return url.href;
  };

  test.each([
    ['a wrong password', (url: URL): unknown => (url.password = secret), 'unauthenticated', /password/],
    ['a missing password', (url: URL): unknown => (url.password = ''), 'unauthenticated', /password/],
    ['an unknown user', (url: URL): unknown => (url.username = 'nobody'), 'unauthenticated', /user/],
    [
      'a missing database',
      (url: URL): unknown => (url.pathname = '/no_such'),
      'not-found',
      /CREATE DATABASE/,
    ],
    [
      'no encryption',
      (url: URL): unknown => url.searchParams.set('sslmode', 'require'),
      'invalid-configuration',
      /sslmode/,
    ],
    ['nobody there', (url: URL): unknown => (url.port = '1'), 'unavailable', /port/],
    [
      'a host without a name',
      (url: URL): unknown => (url.hostname = 'no-such-host.invalid'),
      'unavailable',
      /DNS/,
    ],
  ] as const)('tells %s, and what to do', async (...row) => {
    const [, change, code, hint] = row;
    const url = changed((given) => void change(given));
    await using adapter = new DatabaseStorageAdapter({ url, ...quick });
    for (const attempt of [() => adapter.check(), () => adapter.put(key, Buffer.from('x'))]) {
      const error = await failed(attempt());
      expect(error, inspect(error)).toMatchObject({ code, hint: expect.stringMatching(hint) as string });
      const shown = inspect(error, { depth: 20, showHidden: true });
      expect(shown).not.toMatch(/planted/i);
      expect(shown).not.toContain(postgresTestUser.password);
    }
  });

  test('asks for the password at each connection, and passes on why there is none', async () => {
    if (server === undefined) return;
    const url = changed((given) => (given.password = ''));
    const password = async (): Promise<string> => postgresTestUser.password;
    await using adapter = new DatabaseStorageAdapter({ url, schema: server.newSchema(), password });
    await adapter.check({ write: true });
    const broken = async (): Promise<string> => {
      throw new StorageError({
        code: 'invalid-configuration',
        operation: 'find a secret',
        backend: 'database',
      });
    };
    await using without = new DatabaseStorageAdapter({ url, ...quick, password: broken });
    expect(await failed(without.check())).toMatchObject({ code: 'invalid-configuration' });
  });

  test('tells a user who may not write, and a store that is missing', async () => {
    if (server === undefined) return;
    const schema = server.newSchema();
    await using owner = server.adapter({ schema });
    await owner.put(key, Buffer.from('model'));
    await server.query(
      `create role reader_${schema} login password '${secret}'; grant usage on schema ${schema} to reader_${schema};
       grant select on all tables in schema ${schema} to reader_${schema}`,
    );
    const url = changed((given) => Object.assign(given, { username: `reader_${schema}`, password: secret }));
    await using reader = new DatabaseStorageAdapter({ url, schema });
    expect(await reader.head(key)).toMatchObject({ sizeBytes: 5 });
    for (const attempt of [() => reader.put(key, Buffer.from('x')), () => reader.check({ write: true })])
      expect(await failed(attempt())).toMatchObject({ code: 'permission-denied' });
    await using missing = new DatabaseStorageAdapter({ url, ...quick });
    expect(await failed(missing.check())).toMatchObject({ code: 'permission-denied' });
    await using strict = server.adapter({ schema: server.newSchema(), createIfMissing: false });
    expect(await failed(strict.check())).toMatchObject({ code: 'not-found' });
  });

  test('waits for a free connection instead of taking more than it may', async () => {
    if (server === undefined) return;
    const schema = server.newSchema();
    await using adapter = server.adapter({ schema, poolSize: 2 });
    await adapter.put(key, Buffer.alloc(600_000));
    const readers = await Promise.all(Array.from({ length: 20 }, () => adapter.get(key)));
    await Promise.all(
      readers.map(async (reader) => {
        for await (const chunk of reader?.body ?? []) expect(chunk.byteLength).toBeGreaterThan(0);
      }),
    );
    const [row] = await server.query(
      `select count(*) from pg_stat_activity where application_name = 'holdfast' and pid in
       (select pid from pg_stat_activity where backend_type = 'client backend')`,
    );
    expect(Number(row?.['count'])).toBeLessThanOrEqual(6);
  });

  test('goes on when the server has ended every connection, also idle ones', async () => {
    if (server === undefined) return;
    const schema = server.newSchema();
    await using adapter = server.adapter({ schema });
    const bytes = Buffer.alloc(3_000_000, 'x');
    await adapter.put(key, bytes);
    const reader = await adapter.get(key);
    const chunks = reader?.body[Symbol.asyncIterator]();
    await chunks?.next();
    await server.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'holdfast'",
    );
    let readBytes = 262_144;
    for (let next = await chunks?.next(); next?.done === false; next = await chunks?.next())
      readBytes += next.value.byteLength;
    expect(readBytes).toBe(bytes.byteLength);
    await adapter.put(key, Buffer.alloc(3_000_000, 'y'));
    expect(await adapter.head(key)).toMatchObject({ sizeBytes: 3_000_000 });
  });

  test('makes the tables once when many begin at once, and refuses what is not its own', async () => {
    if (server === undefined) return;
    const schema = server.newSchema();
    const adapters = Array.from({ length: 6 }, () => server.adapter({ schema }));
    await Promise.all(adapters.map((adapter) => adapter.check()));
    await Promise.all(adapters.map((adapter) => adapter[Symbol.asyncDispose]()));
    expect(await server.query(`select version from ${schema}.object_migrations`)).toHaveLength(1);
    await server.query(`insert into ${schema}.object_migrations values (99, 'later', '')`);
    await using older = server.adapter({ schema });
    expect(await failed(older.check())).toMatchObject({
      code: 'invalid-configuration',
      message: /version 99/,
    });
    const foreign = server.newSchema();
    await server.query(`create schema ${foreign}; create table ${foreign}.payroll (id int)`);
    await using wrong = server.adapter({ schema: foreign });
    expect(await failed(wrong.check())).toMatchObject({
      code: 'invalid-configuration',
      hint: expect.stringContaining('payroll') as string,
    });
  });
});

test('does not wait for a server that nobody runs', async () => {
  const options: DatabaseStorageOptions = {
    url: `postgres://user:${secret}@127.0.0.1:${await freePort()}/database`,
    ...quick,
  };
  await using adapter = new DatabaseStorageAdapter(options);
  expect(await failed(adapter.head(key))).toMatchObject({
    code: 'unavailable',
    attempts: 2,
    retry: 'exhausted',
  });
});

function failureOf(work: () => unknown): unknown {
  try {
    return expect.fail(`it went through: ${String(work())}`);
  } catch (error) {
    return error;
  }
}

async function failed(work: Promise<unknown>): Promise<StorageError> {
  const error: unknown = await work.then(
    () => expect.fail('it went through'),
    (reason: unknown) => reason,
  );
  if (!StorageError.isInstance(error)) throw error;
  return error;
}
