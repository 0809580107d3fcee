import { type OperationContext, StorageError } from '@holdfast/ports';

/** Turns whatever was thrown into a `StorageError`; one that is one already is passed on as it is. */
export function toStorageError(error: unknown, context: OperationContext): StorageError {
  if (StorageError.isInstance(error)) return error;
  if (error instanceof RangeError && /allocation failed/i.test(error.message)) {
    return new StorageError({
      ...context,
      code: 'quota-exceeded',
      hint: 'There is no memory left.',
      cause: error,
    });
  }
  return new StorageError({ ...context, code: 'unexpected', cause: error });
}
