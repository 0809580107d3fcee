import { StorageError } from '@holdfast/ports';

/** Something that is not in the registry, with what to look for instead. */
export function notFound(message: string, hint?: string): StorageError {
  return new StorageError({ code: 'not-found', operation: 'find', message, hint });
}

/** Something whose name is taken. */
export function alreadyExists(
  message: string,
  hint: string,
  { cause }: { readonly cause: unknown },
): StorageError {
  return new StorageError({ code: 'already-exists', operation: 'create', message, hint, cause });
}

/** Something that is not as it was expected to be. */
export function conflict(message: string, hint?: string): StorageError {
  return new StorageError({
    code: 'precondition-failed',
    operation: 'change',
    message,
    hint,
  });
}

/** Something that a rule of the registry forbids. */
export function forbidden(message: string, hint?: string): StorageError {
  return new StorageError({
    code: 'permission-denied',
    operation: 'change',
    message,
    hint,
  });
}

/** Input that cannot be taken as it is. */
export function forbiddenInput(message: string, hint?: string): StorageError {
  return new StorageError({
    code: 'invalid-argument',
    operation: 'save',
    message,
    hint,
  });
}

/** Something that cannot be done with what was asked for. */
export function unsupported(message: string, hint?: string): StorageError {
  return new StorageError({ code: 'unsupported', operation: 'load', message, hint });
}

/** Whether something failed because there is no registry yet: nothing was ever saved from here. */
export function isAbsentRegistry(error: unknown): boolean {
  return StorageError.isInstance(error, 'permission-denied') && error.operation === 'registryId';
}
