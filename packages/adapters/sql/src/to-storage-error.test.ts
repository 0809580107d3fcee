import { BusyTimeoutError } from '@holdfast/adapter-kit';
import { StorageError } from '@holdfast/ports';
import { describe, expect, test } from 'vitest';
import { toObjectError } from './storage/to-object-error.ts';
import { toCommitError, toStorageError } from './to-storage-error.ts';

function sqliteError(errcode: number): Error {
  return Object.assign(new Error('what SQLite said'), { code: 'ERR_SQLITE_ERROR', errcode });
}

function systemError(code: string): Error {
  return Object.assign(new Error('what the system said'), { code });
}

describe('errors are translated', () => {
  const translations: readonly (readonly [string, Error, object])[] = [
    ['SQLITE_CONSTRAINT_PRIMARYKEY', sqliteError(1555), { code: 'already-exists' }],
    ['SQLITE_CONSTRAINT_UNIQUE', sqliteError(2067), { code: 'already-exists' }],
    ['SQLITE_CONSTRAINT_CHECK', sqliteError(275), { code: 'unexpected' }],
    ['SQLITE_BUSY', sqliteError(5), { code: 'unavailable', retry: 'temporary' }],
    ['SQLITE_BUSY_SNAPSHOT', sqliteError(517), { code: 'unavailable', retry: 'temporary' }],
    [
      'waiting in vain',
      new BusyTimeoutError({ attempts: 7, busyTimeoutMs: 300, cause: sqliteError(5) }),
      { code: 'unavailable', retry: 'exhausted', attempts: 7 },
    ],
    ['SQLITE_FULL', sqliteError(13), { code: 'quota-exceeded' }],
    ['SQLITE_CORRUPT', sqliteError(11), { code: 'corrupt' }],
    ['SQLITE_CORRUPT_INDEX', sqliteError(779), { code: 'corrupt' }],
    ['SQLITE_NOTADB', sqliteError(26), { code: 'corrupt' }],
    ['SQLITE_CANTOPEN', sqliteError(14), { code: 'permission-denied' }],
    ['SQLITE_PERM', sqliteError(3), { code: 'permission-denied' }],
    ['SQLITE_READONLY', sqliteError(8), { code: 'permission-denied' }],
    ['SQLITE_READONLY_DIRECTORY', sqliteError(1544), { code: 'permission-denied' }],
    ['SQLITE_IOERR_WRITE', sqliteError(778), { code: 'unavailable' }],
    ['SQLITE_ERROR', sqliteError(1), { code: 'unexpected' }],
    ['a closed database', systemError('ERR_INVALID_STATE'), { code: 'unavailable' }],
    ['ENOENT', systemError('ENOENT'), { code: 'not-found' }],
    ['ENOTDIR', systemError('ENOTDIR'), { code: 'not-found' }],
    ['EACCES', systemError('EACCES'), { code: 'permission-denied' }],
    ['EROFS', systemError('EROFS'), { code: 'permission-denied' }],
    ['ENOSPC', systemError('ENOSPC'), { code: 'quota-exceeded' }],
    ['EISDIR', systemError('EISDIR'), { code: 'invalid-configuration' }],
    ['an ended wait', systemError('ABORT_ERR'), { code: 'cancelled' }],
  ];

  test.each(translations)('%s', (_, error, expected) => {
    const translated = toStorageError(error, 'models.save');
    if (!StorageError.isInstance(translated)) throw translated;
    expect(translated).toMatchObject({ operation: 'models.save', backend: 'database', ...expected });
    expect(translated.cause).toBe(error);
    expect(translated.message).toContain(error.message);
  });

  test('of a registry and of a store alike, where the database can only be read', () => {
    const readOnly = sqliteError(8);
    const message = 'The database can be read, not written to: what SQLite said';
    expect(toStorageError(readOnly, 'models.save')).toMatchObject({ message });
    expect(toObjectError(readOnly, { operation: 'put', backend: 'database' })).toMatchObject({ message });
  });

  test('but not those of somebody else, nor those that are translated already', () => {
    const translated = new StorageError({ code: 'locked', operation: 'x', backend: 'memory' });
    for (const error of [new Error('mine'), translated, 'text', undefined, systemError('ERR_MINE')]) {
      expect(toStorageError(error, 'models.save')).toBe(error);
    }
  });

  test('a disk that fails during a commit leaves it open whether the commit took place', () => {
    expect(toCommitError(sqliteError(1034))).toMatchObject({ code: 'indeterminate' });
    const full = sqliteError(13);
    expect(toCommitError(full)).toBe(full);
  });
});
