import {
  BusyTimeoutError,
  type DiskFailure,
  diskFailureOf,
  type SqliteResult,
  SqliteResultCode,
  sqliteResultOf,
} from '@holdfast/adapter-kit';
import { StorageBackend } from '@holdfast/domain';
import { StorageError, StorageErrorCode, type StorageErrorDetails } from '@holdfast/ports';

/** SQLITE_CONSTRAINT_PRIMARYKEY and SQLITE_CONSTRAINT_UNIQUE (https://sqlite.org/rescode.html). */
const uniqueViolations: ReadonlySet<number> = new Set([1555, 2067]);

interface Translation extends Omit<StorageErrorDetails, 'operation' | 'backend' | 'cause' | 'message'> {
  /** What failed, where the name of the operation says less. */
  readonly what?: string;
}

/** A damaged file cannot be restored into: it has to go first. */
const wayOut =
  'Move it to another folder, with the -wal and -shm files beside it; then run holdfast restore FILE, or holdfast registry rebuild STORE.';

const translations: ReadonlyMap<number, Translation> = new Map<number, Translation>([
  [SqliteResultCode.Permission, { code: StorageErrorCode.PermissionDenied }],
  [SqliteResultCode.Busy, { code: StorageErrorCode.Unavailable, retry: 'temporary' }],
  [SqliteResultCode.Locked, { code: StorageErrorCode.Unavailable, retry: 'temporary' }],
  [
    SqliteResultCode.ReadOnly,
    {
      code: StorageErrorCode.PermissionDenied,
      what: 'The database can be read, not written to',
      hint: 'Check the owner and the mode of its file and folder, and whether the disk is mounted read-only.',
    },
  ],
  [
    SqliteResultCode.Corrupt,
    {
      code: StorageErrorCode.Corrupt,
      hint: `The database is damaged. ${wayOut}`,
    },
  ],
  [
    SqliteResultCode.CannotOpen,
    {
      code: StorageErrorCode.PermissionDenied,
      hint:
        'The database file cannot be opened, or its log (-wal) waits to be read and the folder cannot be written to: ' +
        'copy both files to a folder that can.',
    },
  ],
  [
    SqliteResultCode.NotADatabase,
    {
      code: StorageErrorCode.Corrupt,
      hint: `The file is not an SQLite database, or its beginning is damaged. ${wayOut}`,
    },
  ],
]);

const diskFailures: Readonly<Record<DiskFailure, Translation>> = {
  full: { code: StorageErrorCode.QuotaExceeded, hint: 'The disk is full: make room and try again.' },
  locks: {
    code: StorageErrorCode.Unsupported,
    hint: "File locks do not work in the database's folder: move it to a local disk.",
  },
  disk: {
    code: StorageErrorCode.Unavailable,
    retry: 'temporary',
    hint: 'The disk or its file system reported an error.',
  },
};

const systemErrors: ReadonlyMap<string, Translation> = new Map<string, Translation>([
  ['ENOENT', { code: StorageErrorCode.NotFound, hint: 'Make the folder first, or open with createFolder.' }],
  ['ENOTDIR', { code: StorageErrorCode.NotFound }],
  ['EACCES', { code: StorageErrorCode.PermissionDenied }],
  ['EPERM', { code: StorageErrorCode.PermissionDenied }],
  ['EROFS', { code: StorageErrorCode.PermissionDenied }],
  ['ENOSPC', { code: StorageErrorCode.QuotaExceeded }],
  ['EDQUOT', { code: StorageErrorCode.QuotaExceeded }],
  ['EISDIR', { code: StorageErrorCode.InvalidConfiguration, hint: 'The path of the database is a folder.' }],
]);

/**
 * Translates what SQLite, `node:sqlite` and the file system throw into a {@link StorageError};
 * answers any other error as it is, so that what a unit of work throws is passed on.
 */
export function toStorageError(error: unknown, operation: string): unknown {
  if (StorageError.isInstance(error)) return error;
  const translation = translate(error);
  if (translation === undefined) return error;
  const { what = operation, ...details } = translation;
  const reason = error instanceof Error ? error.message : String(error);
  return new StorageError({
    operation,
    backend: StorageBackend.Database,
    message: `${what}: ${reason}`,
    cause: error,
    ...details,
  });
}

/** Translates what a commit threw: after a failed write to the disk, nobody knows whether it took place. */
export function toCommitError(error: unknown): unknown {
  if (sqliteResultOf(error)?.primary !== SqliteResultCode.InputOutput) return error;
  return new StorageError({
    code: StorageErrorCode.Indeterminate,
    operation: 'commit',
    backend: StorageBackend.Database,
    hint: 'The disk or its file system reported an error. Read before trying again.',
    cause: error,
  });
}

/** Whether SQLite could not make sense of a statement, as when a table is missing. */
export function isSqliteLogicError(error: unknown): boolean {
  return sqliteResultOf(error)?.primary === SqliteResultCode.Error;
}

/** Whether the file system says that something is not there. */
export function isAbsence(error: unknown): boolean {
  const code = fieldOf(error, 'code');
  return code === 'ENOENT' || code === 'ENOTDIR';
}

function translate(error: unknown): Translation | undefined {
  if (error instanceof BusyTimeoutError) {
    const hint =
      'Another process holds the database. Try again, or allow more time with busyTimeoutMs. If none does, ' +
      'file locks do not work in its folder: move it to a local disk.';
    return { code: StorageErrorCode.Unavailable, retry: 'exhausted', attempts: error.attempts, hint };
  }
  const result = sqliteResultOf(error);
  if (result !== undefined) return translateSqlite(result);
  const code = fieldOf(error, 'code');
  if (code === 'ERR_INVALID_STATE')
    return { code: StorageErrorCode.Unavailable, hint: 'The registry was closed.' };
  if (code === 'ABORT_ERR') return { code: StorageErrorCode.Cancelled };
  return typeof code === 'string' ? systemErrors.get(code) : undefined;
}

function translateSqlite(result: SqliteResult): Translation {
  const { primary, extended } = result;
  if (uniqueViolations.has(extended)) return { code: StorageErrorCode.AlreadyExists };
  const failure = diskFailureOf(result);
  if (failure !== undefined) return diskFailures[failure];
  return translations.get(primary) ?? { code: StorageErrorCode.Unexpected };
}

function fieldOf(error: unknown, name: string): unknown {
  return typeof error === 'object' && error !== null ? (error as Record<string, unknown>)[name] : undefined;
}
