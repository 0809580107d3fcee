import { StorageError, type StorageErrorCode } from '@holdfast/ports';
import { expect } from 'vitest';

/** Expects a `StorageError` of a code, and answers it. */
export async function expectCode(work: Promise<unknown>, code: StorageErrorCode): Promise<StorageError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(StorageError.isInstance(error), `a StorageError was expected, not ${String(error)}`).toBe(true);
  expect((error as StorageError).code).toBe(code);
  return error as StorageError;
}
