import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import * as access from './choose-sqlite-access.ts';
import { SqliteFile } from './sqlite-file.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-sqlite-'));
  path = join(folder, 'a.db');
  write('create table t (a integer) strict; insert into t values (1)');
  // What a folder of somebody else looks like, also to root.
  vi.spyOn(access, 'chooseSqliteAccess').mockImplementation(() =>
    existsSync(`${path}-wal`) ? 'read-only' : 'immutable',
  );
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** Writes as its owner does who opens it, writes and goes: nothing but the file stays. */
function write(sql: string): void {
  const database = new DatabaseSync(path);
  database.exec(`pragma journal_mode = wal; ${sql}`);
  database.close();
}

function count(database: DatabaseSync): number {
  return Number(database.prepare('select count(*) as count from t').get()?.['count']);
}

const open = (): SqliteFile => new SqliteFile(path, { access: 'immutable', settings: '' });

describe('a database that is read without locks', () => {
  test('needs no companion file', () => {
    using file = open();
    expect(file.read(count)).toBe(1);
    expect(existsSync(`${path}-wal`)).toBe(false);
  });

  test('is opened anew when somebody has written', () => {
    using file = open();
    expect(file.read(count)).toBe(1);
    const before = file.database;
    write('insert into t values (2)');
    expect(file.read(count)).toBe(2);
    expect(file.database === before).toBe(false);
    expect(before.isOpen).toBe(false);
  });

  test('is read again when somebody writes while it is read, and what failed meanwhile is forgotten', () => {
    using file = open();
    let readings = 0;
    const answer = file.read((database) => {
      if (readings++ > 0) return count(database);
      write('insert into t values (2)');
      throw new Error('half of the old and half of the new');
    });
    expect(answer).toBe(2);
  });

  test('keeps an error that no writer is to blame for', () => {
    using file = open();
    expect(() => file.read((database) => database.exec('nonsense'))).toThrow('nonsense');
  });

  test('is read with locks and log from when its writer stays', () => {
    using file = open();
    using writer = new DatabaseSync(path);
    writer.exec('pragma journal_mode = wal; insert into t values (2)');
    expect(file.read(count)).toBe(2);
    expect(file.access).toBe('read-only');
    writer.exec('insert into t values (3)');
    expect(file.read(count)).toBe(3);
  });

  test('is busy when it is written to faster than it can be read', () => {
    using file = open();
    expect(() =>
      file.read((database) => {
        const found = count(database);
        write(`insert into t values (${found})`);
      }),
    ).toThrow(expect.objectContaining({ errcode: 5 }));
  });
});
