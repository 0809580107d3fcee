import type { FailureContext } from './operation-context.ts';
import { StorageError } from './storage-error.ts';

/** @throws StorageError `cancelled`, with the signal's reason as cause, when it was aborted. */
export function throwIfCancelled(signal: AbortSignal | undefined, context: FailureContext): void {
  if (signal?.aborted === true) throw cancelled(signal, context);
}

/** The error of an operation that its signal stopped. */
export function cancelled(signal: AbortSignal, context: FailureContext): StorageError {
  return new StorageError({
    ...context,
    code: 'cancelled',
    message: `${context.operation} was cancelled.`,
    cause: signal.reason,
  });
}
