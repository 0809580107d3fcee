import { AssertionError } from 'node:assert';
import type { StorageAdapter, StorageErrorCode } from '@holdfast/ports';
import { StorageError } from '@holdfast/ports';
import { expect } from 'vitest';

/** What an error has to tell of the operation that failed. */
export interface FailedOperation {
  readonly adapter: StorageAdapter;
  readonly operation: string;
  /** Left out where the error may name any key or none. */
  readonly key?: string;
}

/** An operation fails with a `StorageError` of this code that names operation, backend and key. */
export async function expectFailure(
  work: Promise<unknown>,
  code: StorageErrorCode,
  failed: FailedOperation,
): Promise<StorageError> {
  const error: unknown = await work.then(
    (value: unknown) =>
      expect.fail(`${failed.operation} answered ${describe(value)} where ${code} was to be thrown`),
    (reason: unknown) => reason,
  );
  return expectError(error, code, failed);
}

/** A value is a `StorageError` of this code that names operation, backend and key. */
export function expectError(error: unknown, code: StorageErrorCode, failed: FailedOperation): StorageError {
  if (!StorageError.isInstance(error)) {
    const message = `${failed.operation} failed with ${describe(error)}, which is no StorageError; expected ${code}`;
    throw new AssertionError({ message, ...(error instanceof Error ? { cause: error } : {}) });
  }
  expect(error.code, error.message).toBe(code);
  expect(error.operation).toBe(failed.operation);
  expect(error.backend).toBe(failed.adapter.backend);
  if (failed.key !== undefined) expect(error.key).toBe(failed.key);
  expect(error.message).not.toBe('');
  expect(error.attempts).toBeGreaterThanOrEqual(1);
  return error;
}

function describe(value: unknown): string {
  if (value instanceof Error) return String(value);
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}
