import { StorageError } from '@holdfast/ports';
import { expect } from 'vitest';

/** The `StorageError` with which work fails, whatever its code. */
export async function failureOf(work: Promise<unknown>): Promise<StorageError> {
  const outcome = await work.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ('value' in outcome)
    return expect.fail(`answered ${JSON.stringify(outcome.value)} where an error was to be thrown`);
  if (!StorageError.isInstance(outcome.error)) throw outcome.error;
  return outcome.error;
}
