import { StorageBackend } from '@holdfast/domain';
import { StorageError, StorageErrorCode } from '@holdfast/ports';

/** A new record whose id or unique name is taken. */
export function takenError(operation: string, key: string): StorageError {
  return new StorageError({
    code: StorageErrorCode.AlreadyExists,
    operation,
    backend: StorageBackend.Memory,
    key,
    message: `${operation} ${JSON.stringify(key)}: the id or the name is taken`,
  });
}

/** A record that is gone or has another revision than the expected one. */
export function staleError(operation: string, key: string): StorageError {
  return new StorageError({
    code: StorageErrorCode.PreconditionFailed,
    operation,
    backend: StorageBackend.Memory,
    key,
    message: `${operation} ${JSON.stringify(key)}: the record was changed or removed meanwhile`,
    hint: 'Read it again, and repeat the change on what it is now.',
  });
}
