import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Digest, createModel } from '@holdfast/domain';
import { StorageError, StorageErrorCode } from '@holdfast/ports';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { migrateLocation, migrateSqlRegistry } from './migrate-sql-registry.ts';
import { type Migration, migrations } from './schema/migrations.ts';
import { SqlRegistryStore } from './sql-registry-store.ts';

const nowMs = Date.UTC(2026, 10, 21, 8, 50, 0);
const newest = migrations.length;
const added: Migration = {
  version: newest + 1,
  name: 'add-notes',
  statements: ['create table notes (id text primary key) strict', 'alter table models add column note text'],
};
let folder: string;
let path: string;
let url: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-migrate-'));
  path = join(folder, 'registry.db');
  url = `sqlite:${path}`;
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function migrateTo(steps: readonly Migration[], options: { readonly dryRun?: boolean } = {}) {
  return migrateLocation({ kind: 'file', path }, { migrations: steps, now: () => nowMs, ...options });
}

async function makeRegistry(): Promise<string> {
  await using store = await SqlRegistryStore.open({ url });
  await store.repositories.models.save(
    createModel({ id: 'a', name: 'first', now: '2026-01-01T00:00:00.000Z' }),
  );
  return store.registryId();
}

function query(file: string, sql: string): unknown {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return database.prepare(sql).all();
  } finally {
    database.close();
  }
}

const tablesOf = (file: string): unknown =>
  query(file, "select name from sqlite_schema where name in ('notes', 'models') order by name");

describe('migrations', () => {
  test('are numbered from 1 up, without gaps', () => {
    expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, index) => index + 1));
  });

  test('make a new database, and do nothing the second time', async () => {
    const names = migrations.map(({ name }) => name);
    expect(await migrateSqlRegistry({ url })).toEqual({ fromVersion: 0, toVersion: newest, steps: names });
    expect(await migrateSqlRegistry({ url })).toEqual({ fromVersion: newest, toVersion: newest, steps: [] });
    expect(readdirSync(folder)).toEqual(['registry.db']);
  });

  test('leave a condemnation of the first schema to whoever takes it over', async () => {
    await migrateTo(migrations.slice(0, 1));
    const digest = `sha256:${'1'.repeat(64)}` as Digest;
    const database = new DatabaseSync(path);
    database.prepare('insert into condemned_objects (digest) values (?)').run(digest);
    database.close();
    await migrateTo(migrations);
    await using store = await SqlRegistryStore.open({ url });
    const { objects } = store.repositories;
    expect(await objects.listCondemned()).toEqual([{ digest, by: '', storeNames: [] }]);
    expect(await objects.takeOver(digest, { by: 'me', storeNames: ['main'] })).toBeDefined();
    expect(await objects.absolve([digest], 'me')).toEqual([digest]);
  });

  test('cost an up-to-date database one query', async () => {
    await makeRegistry();
    const prepare = vi.spyOn(DatabaseSync.prototype, 'prepare');
    const exec = vi.spyOn(DatabaseSync.prototype, 'exec');
    try {
      await using _store = await SqlRegistryStore.open({ url });
      expect(prepare.mock.calls).toEqual([
        ['PRAGMA journal_mode = WAL'],
        ['select max(version) as version from schema_migrations'],
      ]);
      expect(exec.mock.calls.flat().every((sql) => sql.startsWith('PRAGMA'))).toBe(true);
    } finally {
      prepare.mockRestore();
      exec.mockRestore();
    }
  });

  test('are only told of in a dry run: nothing is written, and no file made', async () => {
    const all = { fromVersion: 0, toVersion: newest, steps: migrations.map(({ name }) => name) };
    expect(await migrateSqlRegistry({ url, dryRun: true })).toEqual(all);
    expect(await migrateSqlRegistry({ url: `sqlite:${folder}/none/x.db`, dryRun: true })).toEqual(all);
    expect(readdirSync(folder)).toEqual([]);
    await makeRegistry();
    const report = await migrateTo([...migrations, added], { dryRun: true });
    expect(report).toEqual({ fromVersion: newest, toVersion: newest + 1, steps: ['add-notes'] });
    expect(tablesOf(path)).toEqual([{ name: 'models' }]);
  });

  test('keep what is there, after copying it beside itself', async () => {
    const registryId = await makeRegistry();
    const copyPath = `${path}.v${newest}.20261121T085000Z.backup`;
    expect(await migrateTo([...migrations, added])).toMatchObject({ steps: ['add-notes'], copyPath });
    expect(tablesOf(path)).toEqual([{ name: 'models' }, { name: 'notes' }]);
    expect(tablesOf(copyPath)).toEqual([{ name: 'models' }]);
    for (const file of [path, copyPath]) {
      expect(query(file, 'select name from models')).toEqual([{ name: 'first' }]);
      expect(query(file, "select value from meta where key = 'registry_id'")).toEqual([
        { value: registryId },
      ]);
    }
    expect(query(copyPath, 'pragma integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    const applied = { version: newest + 1, name: 'add-notes', applied_at: '2026-11-21T08:50:00.000Z' };
    expect(query(path, 'select * from schema_migrations order by version')).toContainEqual(applied);
    await using restored = await SqlRegistryStore.open({ url: `sqlite:${copyPath}` });
    expect(await restored.repositories.models.findByName('first')).toBeDefined();
  });

  test('never write over an older copy', async () => {
    await makeRegistry();
    const failing: Migration = { ...added, statements: ['create table models (id)'] };
    await expect(migrateTo([...migrations, failing])).rejects.toThrow('already exists');
    const { copyPath } = await migrateTo([...migrations, added]);
    expect(copyPath).toBe(`${path}.v${newest}.20261121T085000Z.2.backup`);
  });

  test('that fail half way leave everything as it was', async () => {
    await makeRegistry();
    const failing: Migration = { ...added, statements: [...added.statements, 'create table models (id)'] };
    await expect(migrateTo([...migrations, failing])).rejects.toThrow(/models/);
    expect(tablesOf(path)).toEqual([{ name: 'models' }]);
    expect(query(path, 'select max(version) as version from schema_migrations')).toEqual([
      { version: newest },
    ]);
    await using store = await SqlRegistryStore.open({ url });
    expect(await store.repositories.models.count()).toBe(1);
  });

  test('are undone when the schema is not the expected one afterwards', async () => {
    await makeRegistry();
    const database = new DatabaseSync(path);
    database.exec('drop index model_versions_by_digest; create table extra (id)');
    database.close();
    const error: unknown = await migrateTo([...migrations, added]).catch((reason: unknown) => reason);
    if (!StorageError.isInstance(error, StorageErrorCode.Corrupt)) throw error;
    expect(error.message).toContain('extra, model_versions_by_digest');
    expect(tablesOf(path)).toEqual([{ name: 'models' }]);
  });

  test('of a newer program are refused, with what to do', async () => {
    await makeRegistry();
    await migrateTo([...migrations, added]);
    const copies = readdirSync(folder).length;
    for (const attempt of [
      () => SqlRegistryStore.open({ url }),
      () => SqlRegistryStore.open({ url, readOnly: true }),
      () => migrateSqlRegistry({ url }),
    ]) {
      const error: unknown = await attempt().catch((reason: unknown) => reason);
      if (!StorageError.isInstance(error, StorageErrorCode.InvalidConfiguration)) throw error;
      expect(error.message).toContain(`version ${newest + 1}`);
      expect(error.message).toContain(`up to ${newest}`);
      expect(error.hint).toContain('Upgrade Holdfast');
    }
    expect(readdirSync(folder)).toHaveLength(copies);
  });

  test('of an older database that is opened for reading only are refused, with what to do', async () => {
    await makeRegistry();
    const database = new DatabaseSync(path);
    database.exec("delete from schema_migrations; insert into schema_migrations values (0, 'none', '')");
    database.close();
    const error: unknown = await SqlRegistryStore.open({ url, readOnly: true }).catch(
      (reason: unknown) => reason,
    );
    if (!StorageError.isInstance(error, StorageErrorCode.InvalidConfiguration)) throw error;
    expect(error.message).toContain('can only be read');
  });

  test('that several start at once are made once, with one copy', async () => {
    await makeRegistry();
    const reports = await Promise.all(Array.from({ length: 6 }, () => migrateTo([...migrations, added])));
    expect(reports.filter(({ steps }) => steps.length > 0)).toHaveLength(1);
    expect(readdirSync(folder).filter((name) => name.endsWith('.backup'))).toHaveLength(1);
    expect(existsSync(path)).toBe(true);
  });

  test('work for a database in memory', async () => {
    const report = await migrateLocation({ kind: 'memory' }, { migrations: [...migrations, added] });
    expect(report).toMatchObject({ fromVersion: 0, toVersion: newest + 1 });
  });
});
