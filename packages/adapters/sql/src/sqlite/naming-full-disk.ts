import { StorageError, StorageErrorCode } from '@holdfast/ports';
import type { SqliteLocation } from '../parse-registry-url.ts';

/** Says of a full disk which file cannot grow; any other error stays as it is. */
export function namingFullDisk(error: unknown, location: SqliteLocation): unknown {
  if (!StorageError.isInstance(error, StorageErrorCode.QuotaExceeded) || location.kind !== 'file')
    return error;
  return new StorageError({
    code: error.code,
    operation: error.operation,
    backend: error.backend,
    message: `The disk of ${location.path} is full, so nothing more can be written to the registry.`,
    hint: 'Remove versions that you do not need (holdfast rm, holdfast gc), or make room on that disk.',
    cause: error.cause,
  });
}
