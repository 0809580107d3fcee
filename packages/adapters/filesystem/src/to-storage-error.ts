import {
  BusyTimeoutError,
  type DiskFailure,
  diskFailureOf,
  SqliteResultCode,
  sqliteResultOf,
} from '@holdfast/adapter-kit';
import { systemCodeOf } from '@holdfast/files';
import { type OperationContext, StorageError, type StorageErrorCode } from '@holdfast/ports';

interface Translation {
  readonly code: StorageErrorCode;
  readonly what: string;
  readonly hint?: string;
}

const noSpace: Translation = {
  code: 'quota-exceeded',
  what: 'there is no space left on the disk',
  hint: 'Free some space, or move the store to a larger disk.',
};
const forbidden: Translation = {
  code: 'permission-denied',
  what: 'the system does not allow it',
  hint: "Check the owner and the mode of the store's folder, and whether the disk is mounted read-only.",
};
const damagedIndex: Translation = {
  code: 'corrupt',
  what: "the store's index is damaged",
  hint: 'Rebuild it from its copies and from the bytes: holdfast registry rebuild NAME-OF-THE-STORE',
};

/** A disk that fails will fail again. */
const diskFailure: Translation = {
  code: 'unavailable',
  what: 'the disk reported an error',
  hint: "Look at the disk's health.",
};

const bySystemCode: Readonly<Record<string, Translation>> = {
  ENOSPC: noSpace,
  EDQUOT: noSpace,
  EFBIG: { code: 'quota-exceeded', what: 'the file would be larger than the file system takes' },
  EACCES: forbidden,
  EPERM: forbidden,
  EROFS: forbidden,
  ENOENT: { code: 'not-found', what: 'a file or folder of the store is missing' },
  ENOTDIR: { code: 'invalid-configuration', what: 'there is a file in place of a folder' },
  EISDIR: { code: 'invalid-configuration', what: 'there is a folder in place of a file' },
  ENAMETOOLONG: { code: 'invalid-configuration', what: "the path of the store's folder is too long" },
  ELOOP: { code: 'invalid-key', what: 'a symbolic link is on the way, and none is followed' },
  EXDEV: {
    code: 'invalid-configuration',
    what: 'a folder of the store is on another file system',
    hint: 'Make it a store of its own.',
  },
  EMFILE: { code: 'unavailable', what: 'too many files are open' },
  ENFILE: { code: 'unavailable', what: 'too many files are open on this machine' },
  ABORT_ERR: { code: 'cancelled', what: 'it was cancelled' },
  // What node:sqlite says of a number that no record of ours can have.
  ERR_OUT_OF_RANGE: damagedIndex,
  EIO: diskFailure,
};

const byDiskFailure: Readonly<Record<DiskFailure, Translation>> = {
  full: noSpace,
  locks: {
    code: 'unsupported',
    what: 'file locks do not work in the folder of the store',
    hint: 'Move the store to a local disk, or use a bucket.',
  },
  disk: diskFailure,
};

const bySqliteCode: Readonly<Record<number, Translation>> = {
  // Our statements are fixed: what SQLite cannot make sense of is the schema that it found.
  [SqliteResultCode.Error]: damagedIndex,
  [SqliteResultCode.Busy]: { code: 'unavailable', what: 'another writer holds the index' },
  [SqliteResultCode.Locked]: { code: 'unavailable', what: 'another writer holds the index' },
  [SqliteResultCode.Permission]: forbidden,
  [SqliteResultCode.ReadOnly]: forbidden,
  [SqliteResultCode.Corrupt]: damagedIndex,
  [SqliteResultCode.CannotOpen]: { ...forbidden, what: "the store's index cannot be opened" },
  [SqliteResultCode.NotADatabase]: damagedIndex,
};

/** Says what a failure of the file system or of SQLite means. A `StorageError` is passed on as it is. */
export function toStorageError(error: unknown, context: OperationContext): StorageError {
  if (StorageError.isInstance(error)) return error;
  if (error instanceof BusyTimeoutError) return stillBusy(error, context);
  const translation = translationOf(error);
  if (translation === undefined) {
    const reason = error instanceof Error ? error.message : String(error);
    return new StorageError({
      ...context,
      code: 'unexpected',
      message: `${subject(context)}: ${reason}`,
      cause: error,
    });
  }
  return new StorageError({
    ...context,
    code: translation.code,
    retry: translation.code === 'unavailable' && translation !== diskFailure ? 'temporary' : 'never',
    message: `${subject(context)}: ${translation.what}.`,
    hint: translation.hint,
    cause: error,
  });
}

function stillBusy(error: BusyTimeoutError, context: OperationContext): StorageError {
  return new StorageError({
    ...context,
    code: 'unavailable',
    retry: 'exhausted',
    attempts: error.attempts,
    message: `${subject(context)}: other processes held the store's index for ${error.busyTimeoutMs} ms.`,
    hint:
      'Try again when they are done, or allow more time with busyTimeoutMs. If no other process uses the store, ' +
      'file locks do not work in its folder: move it to a local disk, or use a bucket.',
    cause: error,
  });
}

function subject(context: OperationContext): string {
  const key = context.key === undefined ? '' : ` ${JSON.stringify(context.key)}`;
  return `${context.operation}${key} failed`;
}

function translationOf(error: unknown): Translation | undefined {
  const result = sqliteResultOf(error);
  if (result !== undefined) {
    const failure = diskFailureOf(result);
    return failure === undefined ? bySqliteCode[result.primary] : byDiskFailure[failure];
  }
  const system = systemCodeOf(error);
  return system === undefined ? undefined : bySystemCode[system];
}
