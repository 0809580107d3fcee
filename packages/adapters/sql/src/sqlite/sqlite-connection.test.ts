import type { DatabaseSync } from 'node:sqlite';
import { SqliteFile } from '@holdfast/adapter-kit';
import { StorageErrorCode } from '@holdfast/ports';
import { CompiledQuery } from 'kysely';
import { describe, expect, test, vi } from 'vitest';
import { SqliteConnection } from './sqlite-connection.ts';

function open(): { database: DatabaseSync; connection: SqliteConnection } {
  const file = new SqliteFile(undefined, { access: 'read-write', settings: '' });
  const { database } = file;
  database.exec('create table t (a integer primary key) strict');
  return { database, connection: new SqliteConnection(file, { busyTimeoutMs: 0, slowQueryMs: 1_000 }) };
}

const insert = (value: number): CompiledQuery => CompiledQuery.raw('insert into t values (?)', [value]);
const count = CompiledQuery.raw('select count(*) as count from t');

describe('a connection', () => {
  test('answers rows, and how many rows were changed', async () => {
    const { connection } = open();
    expect(await connection.executeQuery(insert(7))).toMatchObject({ rows: [], numAffectedRows: 1n });
    const returned = await connection.executeQuery(CompiledQuery.raw('update t set a = 8 returning a'));
    expect(returned).toMatchObject({ rows: [{ a: 8 }], numAffectedRows: 1n });
    expect((await connection.executeQuery(count)).rows).toEqual([{ count: 1 }]);
  });

  test('prepares a statement once, and forgets the one that was not used for longest', async () => {
    const { database, connection } = open();
    const prepare = vi.spyOn(database, 'prepare');
    for (let round = 0; round < 3; round++) await connection.executeQuery(count);
    expect(prepare).toHaveBeenCalledTimes(1);
    for (let number = 0; number < 150; number++)
      await connection.executeQuery(CompiledQuery.raw(`select ${number}`));
    await connection.executeQuery(count);
    for (let number = 150; number < 300; number++)
      await connection.executeQuery(CompiledQuery.raw(`select ${number}`));
    await connection.executeQuery(count);
    expect(prepare).toHaveBeenCalledTimes(301);
    await connection.executeQuery(CompiledQuery.raw('select 0'));
    expect(prepare).toHaveBeenCalledTimes(302);
  });

  test('refuses to go on when SQLite has undone the transaction', async () => {
    const { database, connection } = open();
    await connection.begin('begin immediate');
    await connection.executeQuery(insert(1));
    database.exec('rollback');
    const lost = { code: StorageErrorCode.Unavailable };
    await expect(connection.executeQuery(insert(2))).rejects.toMatchObject(lost);
    connection.rollback();
    expect((await connection.executeQuery(count)).rows).toEqual([{ count: 0 }]);
  });

  test('tells of an undone transaction at the commit too', async () => {
    const { database, connection } = open();
    await connection.begin('begin immediate');
    database.exec('rollback');
    await expect(connection.commit()).rejects.toThrow('no transaction is active');
  });
});
