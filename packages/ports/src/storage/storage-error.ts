import type { StorageBackend } from '@holdfast/domain';

const marker: unique symbol = Symbol.for('holdfast.storage-error');

/** Every way in which storage can fail, closed: match on these, never on messages. */
export const StorageErrorCode = {
  NotFound: 'not-found',
  AlreadyExists: 'already-exists',
  PreconditionFailed: 'precondition-failed',
  NotModified: 'not-modified',
  Locked: 'locked',
  InvalidKey: 'invalid-key',
  InvalidArgument: 'invalid-argument',
  RangeNotSatisfiable: 'range-not-satisfiable',
  PermissionDenied: 'permission-denied',
  Unauthenticated: 'unauthenticated',
  RateLimited: 'rate-limited',
  Unsupported: 'unsupported',
  ChecksumMismatch: 'checksum-mismatch',
  SizeMismatch: 'size-mismatch',
  QuotaExceeded: 'quota-exceeded',
  Cancelled: 'cancelled',
  Timeout: 'timeout',
  Unavailable: 'unavailable',
  /** The write may or may not have happened; read before trying again. */
  Indeterminate: 'indeterminate',
  InvalidConfiguration: 'invalid-configuration',
  Corrupt: 'corrupt',
  Unexpected: 'unexpected',
} as const;

export type StorageErrorCode = (typeof StorageErrorCode)[keyof typeof StorageErrorCode];

/** Whether trying again can help: never, later, or it was tried until patience ran out. */
export type RetryAdvice = 'never' | 'temporary' | 'exhausted';

/** What a {@link StorageError} tells. */
export interface StorageErrorDetails {
  readonly code: StorageErrorCode;
  /** The method that failed, such as `put`. */
  readonly operation: string;
  /** Absent where no single store or registry is at fault. */
  readonly backend?: StorageBackend | undefined;
  readonly key?: string | undefined;
  /** The sentence for people; made from the other fields when not given. Never holds a secret. */
  readonly message?: string | undefined;
  /** How often it was tried. @default 1 */
  readonly attempts?: number | undefined;
  /** @default 'never' */
  readonly retry?: RetryAdvice | undefined;
  /** What to do about it. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/**
 * The one error of storage and registry.
 *
 * Guard with {@link StorageError.isInstance}: two copies of a package may meet in one process.
 */
export class StorageError extends Error {
  static {
    Object.defineProperty(this.prototype, marker, { value: true });
  }

  override readonly name = 'StorageError';
  readonly code: StorageErrorCode;
  readonly operation: string;
  readonly backend: StorageBackend | undefined;
  readonly key: string | undefined;
  readonly attempts: number;
  readonly retry: RetryAdvice;
  readonly hint: string | undefined;

  constructor(details: StorageErrorDetails) {
    super(
      details.message ?? defaultMessage(details),
      details.cause === undefined ? {} : { cause: details.cause },
    );
    this.code = details.code;
    this.operation = details.operation;
    this.backend = details.backend;
    this.key = details.key;
    this.attempts = details.attempts ?? 1;
    this.retry = details.retry ?? 'never';
    this.hint = details.hint;
  }

  /** Whether a caught value is a `StorageError`, whichever copy of this package made it; of one code, if given. */
  static isInstance(error: unknown, code?: StorageErrorCode): error is StorageError {
    const isMarked = typeof error === 'object' && error !== null && marker in error;
    return isMarked && (code === undefined || (error as Partial<StorageError>).code === code);
  }
}

function defaultMessage(details: StorageErrorDetails): string {
  const subject =
    details.key === undefined ? details.operation : `${details.operation} ${JSON.stringify(details.key)}`;
  const place = details.backend === undefined ? '' : ` on ${details.backend}`;
  return `${subject}${place}: ${details.code.replaceAll('-', ' ')}`;
}
