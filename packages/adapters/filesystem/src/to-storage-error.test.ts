import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { BusyTimeoutError } from '@holdfast/adapter-kit';
import { type ObjectKey, StorageBackend } from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';
import { describe, expect, test } from 'vitest';
import { FilesystemStorageAdapter } from './filesystem-storage-adapter.ts';
import { toStorageError } from './to-storage-error.ts';

const context = { operation: 'put', backend: StorageBackend.LocalFilesystem, key: 'k' } as const;

function sqliteError(errcode: number): Error {
  return Object.assign(new Error('what SQLite said'), { code: 'ERR_SQLITE_ERROR', errcode });
}

function systemError(code: string): Error {
  return Object.assign(new Error('what the system said'), { code });
}

describe('errors are translated', () => {
  const translations: readonly (readonly [string, Error, object])[] = [
    ['SQLITE_BUSY', sqliteError(5), { code: 'unavailable', retry: 'temporary' }],
    ['SQLITE_LOCKED_SHAREDCACHE', sqliteError(262), { code: 'unavailable', retry: 'temporary' }],
    [
      'waiting in vain',
      new BusyTimeoutError({ attempts: 7, busyTimeoutMs: 300, cause: sqliteError(5) }),
      {
        code: 'unavailable',
        retry: 'exhausted',
        attempts: 7,
        message: 'put "k" failed: other processes held the store\'s index for 300 ms.',
        hint: expect.stringContaining('busyTimeoutMs'),
      },
    ],
    ['SQLITE_READONLY_DIRECTORY', sqliteError(1_544), { code: 'permission-denied', retry: 'never' }],
    ['SQLITE_IOERR_WRITE', sqliteError(778), { code: 'unavailable', retry: 'never' }],
    ['EIO', systemError('EIO'), { code: 'unavailable', retry: 'never' }],
    ['EMFILE', systemError('EMFILE'), { code: 'unavailable', retry: 'temporary' }],
    ['SQLITE_IOERR_SHMSIZE', sqliteError(4_874), { code: 'quota-exceeded' }],
    ['SQLITE_IOERR_LOCK', sqliteError(3_850), { code: 'unsupported', retry: 'never' }],
    ['SQLITE_PROTOCOL', sqliteError(15), { code: 'unsupported' }],
    ['SQLITE_CORRUPT_INDEX', sqliteError(779), { code: 'corrupt' }],
    ['a schema that is not ours', sqliteError(1), { code: 'corrupt' }],
    ['a number that nobody wrote', systemError('ERR_OUT_OF_RANGE'), { code: 'corrupt' }],
    ['SQLITE_FULL', sqliteError(13), { code: 'quota-exceeded' }],
    ['SQLITE_CANTOPEN', sqliteError(14), { code: 'permission-denied' }],
    ['SQLITE_NOTADB', sqliteError(26), { code: 'corrupt' }],
    ['SQLITE_CONSTRAINT', sqliteError(19), { code: 'unexpected' }],
    ['ENOSPC', systemError('ENOSPC'), { code: 'quota-exceeded' }],
    ['an ended wait', systemError('ABORT_ERR'), { code: 'cancelled', retry: 'never' }],
    ['what nobody knows', systemError('ERR_MINE'), { code: 'unexpected' }],
  ];

  test.each(translations)('%s', (_, error, expected) => {
    const translated = toStorageError(error, context);
    expect(translated).toMatchObject({ ...context, ...expected });
    expect(translated.cause).toBe(error);
  });

  test('but not those that are translated already', () => {
    const translated = new StorageError({ code: 'locked', operation: 'x', backend: 'memory' });
    expect(toStorageError(translated, context)).toBe(translated);
  });
});

test('a store that others hold is waited for, then refused as unavailable', async () => {
  const root = await mkdtemp(join(tmpdir(), 'holdfast-busy-'));
  try {
    await using adapter = new FilesystemStorageAdapter({ root, busyTimeoutMs: 50 });
    await adapter.put('a' as ObjectKey, Buffer.from('first'));
    const other = new DatabaseSync(join(root, 'index.db'));
    other.exec('begin immediate');
    const refused = adapter.put('k' as ObjectKey, Buffer.from('second'));
    await expect(refused).rejects.toMatchObject({ ...context, code: 'unavailable', retry: 'exhausted' });
    await expect(refused).rejects.toSatisfy((error: StorageError) => error.attempts > 1);
    other.close();
    expect(await adapter.put('k' as ObjectKey, Buffer.from('third'))).toMatchObject({ sizeBytes: 5 });
  } finally {
    await rm(root, { recursive: true, force: true });
  }
});
