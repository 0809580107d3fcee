import { InvalidValueError } from '@holdfast/domain';
import { FormatError } from '@holdfast/formats';
import { StorageError } from '@holdfast/ports';
import { Hdf5Error, type Hdf5ErrorCode, type Hdf5ErrorDetails } from './hdf5-error.ts';

/** Where it failed. */
export type Hdf5Place = Pick<Hdf5ErrorDetails, 'file' | 'dataset' | 'chunk'>;

interface Failure {
  readonly code: Hdf5ErrorCode;
  readonly reason: string;
  readonly hint?: string;
}

const systemFailures: ReadonlyMap<unknown, Failure> = new Map<unknown, Failure>([
  ['ENOENT', { code: 'not-found', reason: 'no such file' }],
  ['EISDIR', { code: 'invalid-argument', reason: 'is a folder, not a file' }],
  ['EEXIST', { code: 'already-exists', reason: 'exists already' }],
  ['EACCES', permission('the file or its folder may not be used by this user')],
  ['EPERM', permission('the file or its folder may not be used by this user')],
  ['EROFS', permission('the file is on a medium that cannot be written to')],
  ['ENOSPC', { code: 'quota-exceeded', reason: 'the disk is full', hint: 'Make room and write it again.' }],
  [
    'EDQUOT',
    {
      code: 'quota-exceeded',
      reason: 'the quota of the disk is used up',
      hint: 'Make room and write it again.',
    },
  ],
  [
    'EIO',
    { code: 'unavailable', reason: 'the disk reports an error', hint: 'Check the disk, then try again.' },
  ],
  ['ESTALE', { code: 'unavailable', reason: 'the network folder lost the file', hint: 'Try again.' }],
]);

/**
 * What was caught as an error of this package. What is one already is given back as it is, and so is what means that the
 * caller gave up.
 */
export function toHdf5Error(error: unknown, place: Hdf5Place): unknown {
  if (Hdf5Error.isInstance(error) || isAbort(error)) return error;
  if (FormatError.isInstance(error)) return ofFormat(error, place);
  if (StorageError.isInstance(error)) return ofStorage(error, place);
  if (InvalidValueError.isInstance(error))
    return new Hdf5Error({
      ...place,
      code: 'invalid-argument',
      reason: error.message.replace(/\.$/u, ''),
      hint: error.hint,
      cause: error,
    });
  const known = systemFailures.get((error as NodeJS.ErrnoException | null)?.code);
  if (known !== undefined) return new Hdf5Error({ ...place, ...known, cause: error });
  const reason = error instanceof Error ? error.message.replace(/\.$/u, '') : String(error);
  return new Hdf5Error({ ...place, code: 'unexpected', reason, cause: error });
}

/** Does work whose errors name a place. */
export async function atPlace<T>(place: Hdf5Place, work: () => Promise<T> | T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toHdf5Error(error, place);
  }
}

function ofFormat(error: FormatError, place: Hdf5Place): Hdf5Error {
  const code = error.isUnsupported ? 'unsupported' : 'corrupt';
  return new Hdf5Error({ ...place, code, reason: error.reason, hint: error.hint, cause: error });
}

const codesOfLocks: ReadonlySet<string> = new Set([
  'locked',
  'permission-denied',
  'unavailable',
  'invalid-argument',
]);

/** The error of a lock. One of a raised signal is that signal's reason. */
function ofStorage(error: StorageError, place: Hdf5Place): unknown {
  if (error.code === 'cancelled') return error.cause;
  const code = codesOfLocks.has(error.code) ? (error.code as Hdf5ErrorCode) : 'unexpected';
  const reason = code === 'locked' ? 'another process writes the file' : error.message.replace(/\.$/u, '');
  return new Hdf5Error({ ...place, code, reason, hint: error.hint, cause: error });
}

function isAbort(error: unknown): boolean {
  const name = (error as Error | null)?.name;
  return name === 'AbortError' || name === 'TimeoutError';
}

function permission(reason: string): Failure {
  return {
    code: 'permission-denied',
    reason,
    hint: 'Change the permissions, or write to another folder: a file is replaced as a whole, so its folder must be writable.',
  };
}
