import { StorageError, type StorageErrorCode } from '@holdfast/ports';
import { expect } from 'vitest';
import { failureOf } from '../failure-of.ts';

/** Work fails with a `StorageError` of this code. */
export async function expectRefusal(work: Promise<unknown>, code: StorageErrorCode): Promise<void> {
  const error = await failureOf(work);
  expect(error.code, error.message).toBe(code);
  expect(error.operation).not.toBe('');
}

/** How many of the works succeed; the others fail with a `StorageError` of this code. */
export async function countSuccesses(
  works: readonly Promise<unknown>[],
  code: StorageErrorCode,
): Promise<number> {
  const outcomes = await Promise.allSettled(works);
  const failures = outcomes.flatMap((outcome) =>
    outcome.status === 'rejected' ? [outcome.reason as unknown] : [],
  );
  for (const failure of failures) {
    if (!StorageError.isInstance(failure)) throw failure;
    expect(failure.code, failure.message).toBe(code);
  }
  return outcomes.length - failures.length;
}
