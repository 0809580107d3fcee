import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { SqliteResultCode, sqliteResultOf } from './sqlite-result-code.ts';

function failureOf(statement: string): unknown {
  const database = new DatabaseSync(':memory:');
  try {
    database.exec(
      'create table t (a integer primary key, b text unique) strict; insert into t values (1, 2)',
    );
    database.exec(statement);
    return undefined;
  } catch (error) {
    return error;
  } finally {
    database.close();
  }
}

describe('sqliteResultOf', () => {
  test.each([
    [
      'a statement without sense',
      'select nothing from nowhere',
      { primary: SqliteResultCode.Error, extended: 1 },
    ],
    ['SQLITE_CONSTRAINT_PRIMARYKEY', 'insert into t values (1, 3)', { primary: 19, extended: 1_555 }],
    ['SQLITE_CONSTRAINT_UNIQUE', 'insert into t values (2, 2)', { primary: 19, extended: 2_067 }],
    [
      'SQLITE_READONLY',
      'pragma query_only = on; delete from t',
      { primary: SqliteResultCode.ReadOnly, extended: 8 },
    ],
  ])('reads what SQLite answered: %s', (_, statement, result) => {
    expect(sqliteResultOf(failureOf(statement))).toEqual(result);
  });

  test.each([new Error('mine'), Object.assign(new Error('mine'), { errcode: 'SQLITE_BUSY' }), 'busy', null])(
    'knows nothing of %s',
    (error) => expect(sqliteResultOf(error)).toBeUndefined(),
  );

  test('knows nothing of nothing', () => expect(sqliteResultOf(undefined)).toBeUndefined());
});
