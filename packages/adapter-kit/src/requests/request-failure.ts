import { isReservedKey } from '@holdfast/domain';
import {
  type OperationContext,
  type RetryAdvice,
  StorageError,
  type StorageErrorCode,
} from '@holdfast/ports';
import { redactSecrets } from './redact-secrets.ts';
import { safeCause } from './safe-cause.ts';

/** What a client's error means: a driver's one translation. */
export interface RequestFailure {
  readonly code: StorageErrorCode;
  /** What went wrong, as the second half of a sentence, such as `the bucket does not exist`. */
  readonly what: string;
  /** What to do about it. */
  readonly hint?: string | undefined;
  /** Whether the same request may succeed later. @default false */
  readonly isTemporary?: boolean | undefined;
  /**
   * Whether a write that failed so may nonetheless have happened: the answer is missing, not the deed.
   * @default false
   */
  readonly mayHaveHappened?: boolean | undefined;
  /** How long the backend asked to wait. */
  readonly retryAfterMs?: number | undefined;
}

/** A failure that a driver found out by itself, to be thrown by its requests. */
export class RequestFailureError extends Error {
  override readonly name = 'RequestFailureError';
  readonly failure: RequestFailure;

  constructor(failure: RequestFailure, options?: ErrorOptions) {
    super(failure.what, options);
    this.failure = failure;
  }
}

/** How often it was tried, and whether it is worth trying again. */
export interface FailureHistory {
  readonly attempts: number;
  readonly retry: RetryAdvice;
  readonly cause: unknown;
}

/** Makes the error that callers see: without any secret, also in its cause. */
export function storageErrorOf(
  failure: RequestFailure,
  context: OperationContext,
  { attempts, retry, cause }: FailureHistory,
): StorageError {
  const times = attempts > 1 ? ` (tried ${attempts} times)` : '';
  return new StorageError({
    ...context,
    code: failure.code,
    attempts,
    retry,
    message: `${subjectOf(context)}: ${redactSecrets(failure.what)}${times}.`,
    hint: failure.hint,
    cause: safeCause(cause),
  });
}

/** Names what the user named: of an object that only Holdfast knows, the place. */
function subjectOf({ operation, backend, key, place }: OperationContext): string {
  const where = place === undefined ? backend : `${place} (${backend})`;
  if (key === undefined || isReservedKey(key))
    return place === undefined
      ? `${operation} on ${where}`
      : `${where.charAt(0).toUpperCase()}${where.slice(1)}`;
  return `${operation} ${JSON.stringify(key)} ${place === undefined ? 'on' : 'in'} ${where}`;
}
