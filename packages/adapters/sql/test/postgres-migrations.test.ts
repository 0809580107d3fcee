import { migrateSqlRegistry, SqlRegistryStore } from '@holdfast/adapter-sql';
import { createModel, type Digest } from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';
import { describe, expect, test } from 'vitest';
import { migrateOnServer } from '../src/migrate-sql-registry.ts';
import { type Migration, migrations } from '../src/schema/migrations.ts';
import { PostgresTestServer } from './postgres-test-server.ts';

const server = (await PostgresTestServer.open()) as PostgresTestServer;
const newest = migrations.length;
const names = migrations.map(({ name }) => name);
const added: Migration = {
  version: newest + 1,
  name: 'add-notes',
  statements: ['create table notes (id text primary key) strict', 'alter table models add column note text'],
};

async function failed(work: Promise<unknown>): Promise<StorageError> {
  const error: unknown = await work.then(
    () => expect.fail('it went through'),
    (reason: unknown) => reason,
  );
  if (!StorageError.isInstance(error)) throw error;
  return error;
}

describe.skipIf(server === undefined)('migrations of a registry in PostgreSQL', { timeout: 60_000 }, () => {
  const { url } = server ?? {};

  function migrateTo(schema: string, steps: readonly Migration[], dryRun = false) {
    return migrateOnServer({ url, schema, migrations: steps, dryRun });
  }

  async function makeRegistry(schema: string): Promise<string> {
    await using store = await SqlRegistryStore.open({ url, schema });
    const now = '2026-01-01T00:00:00.000Z' as const;
    await store.repositories.models.save(createModel({ id: 'a', name: 'first', now }));
    return store.registryId();
  }

  async function tablesOf(schema: string): Promise<readonly unknown[]> {
    const rows = await server.query(
      `select table_name::text as name from information_schema.tables where table_schema = '${schema}' order by 1`,
    );
    return rows.map(({ name }) => name);
  }

  test('make a new one, do nothing the second time, and are only told of in a dry run', async () => {
    const schema = server.newSchema();
    const all = { fromVersion: 0, toVersion: newest, steps: names };
    expect(await migrateSqlRegistry({ url, schema, dryRun: true })).toEqual(all);
    expect(await tablesOf(schema)).toEqual([]);
    expect(await migrateSqlRegistry({ url, schema })).toEqual(all);
    expect(await migrateSqlRegistry({ url, schema })).toEqual({
      fromVersion: newest,
      toVersion: newest,
      steps: [],
    });
    const pending = { fromVersion: newest, toVersion: newest + 1, steps: ['add-notes'] };
    expect(await migrateTo(schema, [...migrations, added], true)).toEqual(pending);
    expect(await tablesOf(schema)).not.toContain('notes');
  });

  test('that many begin at once are made once, and all find one registry', async () => {
    const schema = server.newSchema();
    const stores = await Promise.all(
      Array.from({ length: 8 }, () => SqlRegistryStore.open({ url, schema, poolSize: 2 })),
    );
    const ids = await Promise.all(stores.map((store) => store.registryId()));
    await Promise.all(stores.map((store) => store[Symbol.asyncDispose]()));
    expect(new Set(ids).size).toBe(1);
    const reports = await Promise.all(
      Array.from({ length: 6 }, () => migrateTo(schema, [...migrations, added])),
    );
    expect(reports.filter(({ steps }) => steps.length > 0)).toHaveLength(1);
    expect(await server.query(`select version from ${schema}.schema_migrations`)).toHaveLength(newest + 1);
    expect(await server.query("select 1 from pg_namespace where nspname like 'holdfast_expected%'")).toEqual(
      [],
    );
  });

  test('keep what is there, also a condemnation of the first schema', async () => {
    const schema = server.newSchema();
    await migrateTo(schema, migrations.slice(0, 1));
    const digest = `sha256:${'1'.repeat(64)}` as Digest;
    await server.query(`insert into ${schema}.condemned_objects (digest) values ('${digest}')`);
    await using store = await SqlRegistryStore.open({ url, schema });
    const { objects } = store.repositories;
    expect(await objects.listCondemned()).toEqual([{ digest, by: '', storeNames: [] }]);
    expect(await objects.takeOver(digest, { by: 'me', storeNames: ['main'] })).toBeDefined();
    expect(await objects.absolve([digest], 'me')).toEqual([digest]);
  });

  test('that fail half way, or end in another schema than the expected one, leave all as it was', async () => {
    const schema = server.newSchema();
    const registryId = await makeRegistry(schema);
    const failing: Migration = {
      ...added,
      statements: [...added.statements, 'create table models (id text)'],
    };
    expect((await failed(migrateTo(schema, [...migrations, failing]))).message).toContain('models');
    expect(await tablesOf(schema)).not.toContain('notes');
    await server.query(
      `drop index ${schema}.model_versions_by_digest; create table ${schema}.extra (id int)`,
    );
    const error = await failed(migrateTo(schema, [...migrations, added]));
    expect([error.code, error.message]).toEqual([
      'corrupt',
      expect.stringMatching(/extra.*model_versions_by_digest|model_versions_by_digest.*extra/),
    ]);
    expect(await tablesOf(schema)).not.toContain('notes');
    await using store = await SqlRegistryStore.open({ url, schema });
    expect(await store.registryId()).toBe(registryId);
    expect(await store.repositories.models.count()).toBe(1);
  });

  test('of a newer program, of somebody else, or that may not be made are refused, with what to do', async () => {
    const schema = server.newSchema();
    await makeRegistry(schema);
    await migrateTo(schema, [...migrations, added]);
    for (const attempt of [
      () => SqlRegistryStore.open({ url, schema }),
      () => SqlRegistryStore.open({ url, schema, readOnly: true }),
      () => SqlRegistryStore.openExisting({ url, schema }),
      () => migrateSqlRegistry({ url, schema }),
    ])
      expect(await failed(attempt())).toMatchObject({
        code: 'invalid-configuration',
        hint: expect.stringContaining('Upgrade Holdfast') as string,
      });
    const foreign = server.newSchema();
    await server.query(`create schema ${foreign}; create table ${foreign}.payroll (id int)`);
    expect(await failed(SqlRegistryStore.open({ url, schema: foreign }))).toMatchObject({
      code: 'invalid-configuration',
      hint: expect.stringContaining('payroll') as string,
    });
    const old = server.newSchema();
    await migrateTo(old, migrations.slice(0, 1));
    expect(await failed(SqlRegistryStore.open({ url, schema: old, readOnly: true }))).toMatchObject({
      code: 'invalid-configuration',
      message: expect.stringContaining('can only be read') as string,
    });
  });

  test('are one statement for a registry that is up to date', async () => {
    const schema = server.newSchema();
    await makeRegistry(schema);
    const seen: string[] = [];
    const onSlowQuery = ({ sql }: { readonly sql: string }) => void seen.push(sql);
    await using _store = await SqlRegistryStore.open({ url, schema, slowQueryMs: -1, onSlowQuery });
    expect(seen).toHaveLength(2);
    expect(seen[0]).toContain('select max(version)');
    expect(seen[1]).toContain('pg_is_in_recovery');
  });

  test('give older rows their checksums, and what is altered afterwards is found', async () => {
    const schema = server.newSchema();
    await migrateTo(schema, migrations.slice(0, 5));
    const at = '2026-01-01T00:00:00.000Z';
    await server.query(
      `insert into ${schema}.models (id, name, revision, created_at, updated_at, document, summary)
       values ('m', 'model', 1, '${at}', '${at}', '{"description":"","tags":{}}', '[0,[]]')`,
    );
    await server.query(`insert into ${schema}.number_counters (name, last) values ('model', 7)`);
    await using store = await SqlRegistryStore.open({ url, schema });
    const damage = async () => (await Array.fromAsync(store.checkRecords())).flat();
    expect(await damage()).toEqual([]);
    expect(await store.repositories.models.reserveNumber('model')).toBe(8);
    await server.query(`update ${schema}.number_counters set last = 3`);
    await server.query(`update ${schema}.models set document = replace(document, 'tags', 'tugs')`);
    expect(await damage()).toMatchObject([{ kind: 'model', modelId: 'm' }, { kind: 'counter' }]);
    expect((await failed(store.repositories.models.reserveNumber('model'))).code).toBe('corrupt');
  });
});

describe('a registry in PostgreSQL that is configured wrongly', () => {
  test.each([
    [{ url: 'postgres://user:planted@host' }, /names no database/],
    [{ url: 'postgres://host/database', schema: 'Team; drop' }, /schema "Team; drop"/],
    [{ url: 'postgres://host/database', poolSize: 1 }, /poolSize is 1/],
  ])('is refused before anything is asked: %j', async (options, message) => {
    for (const attempt of [
      SqlRegistryStore.open(options),
      SqlRegistryStore.openExisting(options),
      migrateSqlRegistry(options),
    ]) {
      const error = await failed(attempt);
      expect([error.code, error.message]).toEqual(['invalid-configuration', expect.stringMatching(message)]);
      expect(error.message).not.toContain('planted');
    }
  });
});
