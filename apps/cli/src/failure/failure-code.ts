import type { StorageErrorCode } from '@holdfast/ports';
import { ExitCode } from './exit-code.ts';

/** Every kind of failure: those of storage and registry, and those that only a command line has. */
export type FailureCode =
  | StorageErrorCode
  /** The command line itself is wrong. */
  | 'wrong-use'
  /** A name, tag, number … that cannot be. */
  | 'invalid-value'
  /** Bytes that break the rules of their format. */
  | 'invalid-format'
  | 'internal';

const exitCodes: Readonly<Record<FailureCode, ExitCode>> = {
  'wrong-use': ExitCode.WrongUse,
  'invalid-value': ExitCode.WrongUse,
  'invalid-format': ExitCode.WrongUse,
  internal: ExitCode.Internal,
  'not-found': ExitCode.NotFound,
  'already-exists': ExitCode.Conflict,
  'precondition-failed': ExitCode.Conflict,
  'not-modified': ExitCode.Conflict,
  locked: ExitCode.Conflict,
  'invalid-key': ExitCode.WrongUse,
  'invalid-argument': ExitCode.WrongUse,
  'range-not-satisfiable': ExitCode.WrongUse,
  'invalid-configuration': ExitCode.WrongUse,
  'permission-denied': ExitCode.Refused,
  unauthenticated: ExitCode.Refused,
  'rate-limited': ExitCode.Unavailable,
  timeout: ExitCode.Unavailable,
  unavailable: ExitCode.Unavailable,
  indeterminate: ExitCode.Unavailable,
  unsupported: ExitCode.Unsupported,
  'checksum-mismatch': ExitCode.Damaged,
  'size-mismatch': ExitCode.Damaged,
  corrupt: ExitCode.Damaged,
  'quota-exceeded': ExitCode.NoSpace,
  cancelled: ExitCode.Interrupted,
  unexpected: ExitCode.Internal,
};

/** The exit code of a kind of failure. */
export function exitCodeOf(code: FailureCode): ExitCode {
  return exitCodes[code];
}
