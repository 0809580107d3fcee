import { StorageError, type StorageErrorCode } from '@holdfast/ports';

/** Something that keeps a registry from being backed up, restored or rebuilt. */
export function backupError(
  code: StorageErrorCode,
  message: string,
  details: { readonly hint?: string; readonly key?: string; readonly cause?: unknown } = {},
): StorageError {
  return new StorageError({ code, operation: 'backup', message, ...details });
}

/** A backup that is not as it was written. */
export function damagedBackup(what: string): StorageError {
  return backupError('corrupt', `The backup is damaged: ${what}.`, {
    hint: 'Use another copy of it. Nothing of a damaged backup is made visible.',
  });
}
