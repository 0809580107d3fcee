import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createModel } from '@holdfast/domain';
import { StorageError, StorageErrorCode } from '@holdfast/ports';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SlowQuery } from './slow-query.ts';
import { SqlRegistryStore } from './sql-registry-store.ts';

const now = '2026-01-01T00:00:00.000Z';
let folder: string;
let path: string;
let url: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-open-'));
  path = join(folder, 'registry.db');
  url = `sqlite:${path}`;
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function refusalOf(work: Promise<unknown>): Promise<StorageError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!StorageError.isInstance(error)) throw error ?? new Error('it was not refused');
  expect(error.backend).toBe('database');
  return error;
}

async function makeRegistry(): Promise<void> {
  await using store = await SqlRegistryStore.open({ url });
  await store.repositories.models.save(createModel({ id: 'a', name: 'first', now }));
}

describe('opening', () => {
  test('a URL of another kind is refused before anything is touched', async () => {
    for (const wrong of [
      '',
      'sqlite:',
      'sqlite://host/x',
      'postgres://user:secret@host',
      'postgres://user:secret@host/db?pool=secret',
      path,
      'sqlite:a\0b',
    ]) {
      const error = await refusalOf(SqlRegistryStore.open({ url: wrong }));
      expect(error.code).toBe(StorageErrorCode.InvalidConfiguration);
      expect(`${error.message} ${error.hint}`).not.toContain('secret');
    }
  });

  test('the URL may have three slashes', async () => {
    await using store = await SqlRegistryStore.open({ url: `sqlite://${path}` });
    expect(store.readOnly).toBe(false);
    expect(existsSync(path)).toBe(true);
  });

  test('a path is taken as it is, percent signs and question marks too', async () => {
    const odd = join(folder, 'a%20b?mode=memory #ü.db');
    await using store = await SqlRegistryStore.open({ url: `sqlite:${odd}` });
    await store.registryId();
    expect(existsSync(odd)).toBe(true);
  });

  test('a missing folder is not found, unless it is to be made', async () => {
    const deep = `sqlite:${join(folder, 'a', 'b', 'registry.db')}`;
    const error = await refusalOf(SqlRegistryStore.open({ url: deep }));
    expect(error.code).toBe(StorageErrorCode.NotFound);
    expect(error.hint).toContain('createFolder');
    await using store = await SqlRegistryStore.open({ url: deep, createFolder: true });
    expect(await store.registryId()).not.toBe('');
  });

  test('a path through a file is not found, and a folder is no database', async () => {
    writeFileSync(path, '');
    expect((await refusalOf(SqlRegistryStore.open({ url: `${url}/x.db` }))).code).toBe(
      StorageErrorCode.NotFound,
    );
    mkdirSync(join(folder, 'folder.db'));
    const error = await refusalOf(SqlRegistryStore.open({ url: `sqlite:${join(folder, 'folder.db')}` }));
    expect(error.code).toBe(StorageErrorCode.InvalidConfiguration);
  });

  test('a file that is no database is corrupt, and stays as it is', async () => {
    writeFileSync(path, 'These are not the bytes of a database. '.repeat(200));
    const before = readFileSync(path);
    const error = await refusalOf(SqlRegistryStore.open({ url }));
    expect(error.code).toBe(StorageErrorCode.Corrupt);
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  test('a database that was cut off is corrupt', async () => {
    await makeRegistry();
    truncateSync(path, 8_192);
    const opened = SqlRegistryStore.open({ url }).then((store) => store.repositories.models.listSummaries());
    expect((await refusalOf(opened)).code).toBe(StorageErrorCode.Corrupt);
  });

  test("somebody else's database is refused, and stays as it is", async () => {
    const foreign = new DatabaseSync(path);
    foreign.exec('create table customers (id)');
    foreign.close();
    const error = await refusalOf(SqlRegistryStore.open({ url }));
    expect(error.code).toBe(StorageErrorCode.InvalidConfiguration);
    expect(error.hint).toContain('customers');
    const after = new DatabaseSync(path, { readOnly: true });
    expect(after.prepare('select name from sqlite_schema').all()).toEqual([{ name: 'customers' }]);
    after.close();
  });

  test('for reading only, nothing is made', async () => {
    expect((await refusalOf(SqlRegistryStore.open({ url, readOnly: true }))).code).toBe(
      StorageErrorCode.NotFound,
    );
    expect(existsSync(path)).toBe(false);
  });

  test('for reading only, an empty file is no registry', async () => {
    writeFileSync(path, '');
    const error = await refusalOf(SqlRegistryStore.open({ url, readOnly: true }));
    expect(error.code).toBe(StorageErrorCode.InvalidConfiguration);
  });

  test('for reading only, everything is read and nothing written', async () => {
    await makeRegistry();
    await using store = await SqlRegistryStore.open({ url, readOnly: true });
    const { models } = store.repositories;
    expect(store.readOnly).toBe(true);
    expect(await models.findByName('first')).toMatchObject({ id: 'a' });
    expect(await store.unitOfWork((inside) => inside.models.count())).toBe(1);
    for (const write of [
      models.delete('a'),
      models.reserveNumber('x'),
      store.unitOfWork((inside) => inside.models.delete('a')),
    ]) {
      expect((await refusalOf(write)).code).toBe(StorageErrorCode.PermissionDenied);
    }
    expect(await models.count()).toBe(1);
  });

  test('a reader sees what others commit while it is open', async () => {
    await makeRegistry();
    await using reader = await SqlRegistryStore.open({ url, readOnly: true });
    expect(await reader.repositories.models.count()).toBe(1);
    await using writer = await SqlRegistryStore.open({ url });
    await writer.repositories.models.save(createModel({ id: 'b', name: 'second', now }));
    expect(await reader.repositories.models.count()).toBe(2);
  });

  test('commits are synced to a write-ahead log', async () => {
    await makeRegistry();
    const database = new DatabaseSync(path, { readOnly: true });
    expect(database.prepare('pragma journal_mode').get()).toEqual({ journal_mode: 'wal' });
    database.close();
  });
});

describe('a locked database', () => {
  test('is waited for without stopping the event loop, then refused as unavailable', async () => {
    await makeRegistry();
    await using store = await SqlRegistryStore.open({ url, busyTimeoutMs: 300 });
    const other = new DatabaseSync(path);
    other.exec('begin immediate');
    let ticks = 0;
    const timer = setInterval(() => ticks++, 10);
    const error = await refusalOf(store.repositories.models.reserveNumber('x'));
    clearInterval(timer);
    expect(error).toMatchObject({ code: StorageErrorCode.Unavailable, retry: 'exhausted' });
    expect(error.attempts).toBeGreaterThan(3);
    expect(ticks).toBeGreaterThan(5);
    expect(await store.repositories.models.count()).toBe(1);
    setTimeout(() => other.exec('rollback'), 50);
    expect(await store.repositories.models.reserveNumber('x')).toBe(1);
    other.close();
  });

  test('that is locked when it is to be made is waited for', async () => {
    const other = new DatabaseSync(path);
    other.exec('pragma journal_mode = delete; begin exclusive');
    setTimeout(() => other.exec('rollback'), 50);
    await using store = await SqlRegistryStore.open({ url });
    expect(await store.repositories.models.count()).toBe(0);
    other.close();
  });

  test('is not waited for once the caller gives up', async () => {
    const other = new DatabaseSync(path);
    other.exec('begin exclusive');
    const error = await refusalOf(SqlRegistryStore.open({ url, signal: AbortSignal.timeout(50) }));
    expect(error.code).toBe(StorageErrorCode.Cancelled);
    other.close();
  });

  test('by a long unit of work in this process is refused too', async () => {
    await using store = await SqlRegistryStore.open({ url, busyTimeoutMs: 50 });
    const unit = store.unitOfWork(async ({ models }) => {
      await new Promise((resolve) => {
        setTimeout(resolve, 200);
      });
      return models.save(createModel({ id: 'a', name: 'slow', now }));
    });
    const error = await refusalOf(store.repositories.models.reserveNumber('x'));
    expect(error).toMatchObject({ code: StorageErrorCode.Unavailable, retry: 'exhausted' });
    expect(await unit).toMatchObject({ revision: 1 });
    expect(await store.repositories.models.reserveNumber('x')).toBe(1);
  });
});

test('outer repositories read what is committed inside a unit of work, and are refused at once when they write', async () => {
  await using store = await SqlRegistryStore.open({ url });
  await store.unitOfWork(async ({ models }) => {
    await models.save(createModel({ id: 'a', name: 'inside', now }));
    expect(await store.repositories.models.count()).toBe(0);
    const outer = [store.repositories.models.reserveNumber('x'), store.unitOfWork(async () => {})];
    for (const error of await Promise.all(outer.map((work) => refusalOf(work)))) {
      expect(error.code).toBe(StorageErrorCode.InvalidArgument);
    }
  });
  expect(await store.repositories.models.reserveNumber('x')).toBe(1);
});

test('a record that was changed by hand is corrupt, and named', async () => {
  await makeRegistry();
  const database = new DatabaseSync(path);
  database.exec("update models set document = '{' where name = 'first'");
  database.close();
  await using store = await SqlRegistryStore.open({ url });
  const error = await refusalOf(store.repositories.models.findByName('first'));
  expect(error).toMatchObject({ code: StorageErrorCode.Corrupt, key: 'first' });
});

test('slow statements are told, without their values', async () => {
  const slow: SlowQuery[] = [];
  await using store = await SqlRegistryStore.open({
    url,
    slowQueryMs: -1,
    onSlowQuery: (query) => slow.push(query),
  });
  await store.repositories.models.findByName('a secret name');
  expect(slow).toHaveLength(1);
  expect(slow[0]?.sql).toContain('from "models"');
  expect(slow[0]?.sql).not.toContain('secret');
  expect(slow[0]?.durationMs).toBeGreaterThanOrEqual(0);
});

test('the id of a new registry comes from newId', async () => {
  await using store = await SqlRegistryStore.open({ url, newId: () => 'the-id' });
  await using again = await SqlRegistryStore.open({ url, newId: () => 'another' });
  expect([await store.registryId(), await again.registryId()]).toEqual(['the-id', 'the-id']);
});
