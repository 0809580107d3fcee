import type { FailureCode } from './failure-code.ts';

/** An error of the operating system about a file of the user's. */
export interface SystemError extends Error {
  readonly code: string;
  readonly path?: string;
  readonly dest?: string;
}

interface Meaning {
  readonly code: FailureCode;
  /** What is the matter with the path, as the end of a sentence. */
  readonly matter: string;
  readonly hint?: string;
}

const meanings: Readonly<Record<string, Meaning>> = {
  ENOENT: { code: 'not-found', matter: 'does not exist', hint: 'Check the path.' },
  ENOTDIR: {
    code: 'not-found',
    matter: 'does not exist: a part of the path is a file',
    hint: 'Check the path.',
  },
  EACCES: {
    code: 'permission-denied',
    matter: 'may not be accessed',
    hint: 'Check the permissions of it and of its folders.',
  },
  EPERM: {
    code: 'permission-denied',
    matter: 'may not be accessed',
    hint: 'Check the permissions of it and of its folders.',
  },
  EROFS: { code: 'permission-denied', matter: 'is on a read-only file system' },
  EISDIR: { code: 'invalid-argument', matter: 'is a folder, not a file', hint: 'Name a file.' },
  ESPIPE: {
    code: 'invalid-argument',
    matter: 'is a pipe, a socket or a device, not a file',
    hint: 'Name a file.',
  },
  ENXIO: { code: 'invalid-argument', matter: 'is a socket or a device, not a file', hint: 'Name a file.' },
  ELOOP: { code: 'invalid-argument', matter: 'is a link that leads in a circle' },
  ENAMETOOLONG: { code: 'invalid-argument', matter: 'has a name that is too long for the file system' },
  EEXIST: {
    code: 'already-exists',
    matter: 'exists already',
    hint: 'Name another path, or replace it with --force where the command has it.',
  },
  ENOTEMPTY: { code: 'already-exists', matter: 'is a folder that is not empty', hint: 'Name another path.' },
  ENOSPC: {
    code: 'quota-exceeded',
    matter: 'does not fit: the disk is full',
    hint: 'Make room, then try again.',
  },
  EDQUOT: {
    code: 'quota-exceeded',
    matter: 'does not fit: your quota is used up',
    hint: 'Make room, then try again.',
  },
  EFBIG: { code: 'quota-exceeded', matter: 'is larger than the file system allows' },
  EMFILE: {
    code: 'unavailable',
    matter: 'cannot be opened: too many files are open',
    hint: 'Raise the limit (ulimit -n).',
  },
  ENFILE: { code: 'unavailable', matter: 'cannot be opened: too many files are open on this machine' },
  ESTALE: {
    code: 'precondition-failed',
    matter: 'was changed while it was read',
    hint: 'Try again when no other program writes to it.',
  },
  EBUSY: { code: 'unavailable', matter: 'is in use', hint: 'Try again later.' },
  EIO: { code: 'unavailable', matter: 'cannot be read or written: the disk reports an error' },
};

/** What a program is given in the place of bytes that are not UTF-8: a file of that name is not the one that was named. */
const replacementCharacter = '\u{fffd}';

const notUtf8: Meaning = {
  code: 'invalid-argument',
  matter: 'has a name that is not valid UTF-8',
  hint: 'Rename it, then try again.',
};

/** Whether a caught value is an error of the operating system that has a meaning for users. */
export function isSystemError(error: unknown): error is SystemError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && Object.hasOwn(meanings, code);
}

/** What an error of the operating system means. */
export function meaningOf(error: SystemError): {
  readonly code: FailureCode;
  readonly message: string;
  readonly hint?: string;
} {
  const isUnreadableName = error.code === 'ENOENT' && error.path?.includes(replacementCharacter) === true;
  const { code, matter, hint } = isUnreadableName ? notUtf8 : (meanings[error.code] as Meaning);
  const path = error.code === 'EEXIST' ? (error.dest ?? error.path) : error.path;
  return { code, message: `${path ?? 'A file'} ${matter}.`, ...(hint === undefined ? {} : { hint }) };
}
