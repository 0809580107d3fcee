import type { Digest, StorageBackend } from '@holdfast/domain';
import { StorageError, StorageErrorCode } from '@holdfast/ports';

/** The errors that every registry throws alike, naming its backend. Operations are named as in `models.save`. */
export class RegistryErrors {
  readonly #backend: StorageBackend;

  constructor(backend: StorageBackend) {
    this.#backend = backend;
  }

  /** `already-exists`: a new record whose id or unique name is taken. */
  taken(operation: string, key: string): StorageError {
    return new StorageError({
      code: StorageErrorCode.AlreadyExists,
      operation,
      backend: this.#backend,
      key,
      message: `${operation} ${JSON.stringify(key)}: the id or the name is taken`,
    });
  }

  /** `not-found`: a record that something is to belong to. */
  missing(operation: string, subject: string): StorageError {
    return new StorageError({
      code: StorageErrorCode.NotFound,
      operation,
      backend: this.#backend,
      key: subject,
      message: `${operation}: there is no ${subject}`,
    });
  }

  /** `precondition-failed`: a record that is gone or has another revision than the expected one. */
  stale(operation: string, key: string): StorageError {
    return new StorageError({
      code: StorageErrorCode.PreconditionFailed,
      operation,
      backend: this.#backend,
      key,
      message: `${operation} ${JSON.stringify(key)}: the record was changed or removed meanwhile`,
      hint: 'Read it again, and repeat the change on what it is now.',
    });
  }

  /** `invalid-argument`: a change of what is fixed once a version is ready. */
  immutable(operation: string, key: string, fields: readonly string[]): StorageError {
    return new StorageError({
      code: StorageErrorCode.InvalidArgument,
      operation,
      backend: this.#backend,
      key,
      message: `${operation} ${JSON.stringify(key)}: ${fields.join(', ')} cannot change: a version is immutable once it is ready`,
      hint: 'Save a new version. Only tags, status and verdict of a version change.',
    });
  }

  /** `already-exists`: a new version under the number of one that was removed. */
  removed(operation: string, key: string): StorageError {
    return new StorageError({
      code: StorageErrorCode.AlreadyExists,
      operation,
      backend: this.#backend,
      key,
      message: `${operation} ${JSON.stringify(key)}: a version of this number was removed, and a number is never used again`,
      hint: 'Reserve a new number.',
    });
  }

  /** `locked`: a lease of an object that is about to be deleted. */
  condemned(operation: string, digest: Digest): StorageError {
    return new StorageError({
      code: StorageErrorCode.Locked,
      operation,
      backend: this.#backend,
      key: digest,
      retry: 'temporary',
      hint: 'The collector is about to delete this object. Wait for it, then save again.',
    });
  }

  /** `invalid-argument`: outer repositories that would wait for the unit of work in which they are used. */
  nested(operation: string): StorageError {
    return new StorageError({
      code: StorageErrorCode.InvalidArgument,
      operation,
      backend: this.#backend,
      message: `${operation}: the outer repositories were used inside a unit of work, where they would wait for its end`,
      hint: 'Use the repositories that are handed to the unit of work.',
    });
  }

  /** `invalid-argument`: repositories that outlived their unit of work. */
  over(operation: string): StorageError {
    return new StorageError({
      code: StorageErrorCode.InvalidArgument,
      operation,
      backend: this.#backend,
      message: `${operation}: the unit of work that these repositories belong to is over`,
      hint: 'Await everything inside the unit of work, and use the outer repositories after it.',
    });
  }

  /** `unavailable`: a store that was disposed. */
  closed(operation: string): StorageError {
    return new StorageError({
      code: StorageErrorCode.Unavailable,
      operation,
      backend: this.#backend,
      message: `${operation}: the registry was closed`,
    });
  }
}
