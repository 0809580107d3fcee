import { type OperationContext, StorageError } from '@holdfast/ports';
import { toStorageError } from '../to-storage-error.ts';

/** Turns whatever a store's database threw into a `StorageError` that names the operation and the key. */
export function toObjectError(error: unknown, context: OperationContext): StorageError {
  if (StorageError.isInstance(error)) return error;
  const translated = toStorageError(error, context.operation);
  if (!StorageError.isInstance(translated))
    return new StorageError({ ...context, code: 'unexpected', cause: error });
  if (translated.key !== undefined || context.key === undefined) return translated;
  const { code, attempts, retry, hint, message, cause } = translated;
  return new StorageError({ ...context, code, attempts, retry, hint, message, cause });
}
