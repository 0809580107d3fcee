import { InvalidValueError } from '@holdfast/domain';
import { CommandError } from './command-error.ts';
import { describeOwnError } from './describe-own-error.ts';
import { type FailureCode, exitCodeOf } from './failure-code.ts';
import type { FailureDescription } from './failure-description.ts';
import type { Failure } from './failure.ts';
import { LateFailure } from './late-failure.ts';
import { suppressedFailure } from './suppressed-failure.ts';
import { isSystemError, meaningOf } from './system-error.ts';

export interface DescribeFailureOptions {
  /** What a failure of the command means, in its own words. */
  readonly outcome: string;
  /** The exit code of the interruption that the user asked for, if any. */
  readonly interruptedWith: number | undefined;
}

/** Tells what a caught value means: its code, its exit code, and what to say about it. */
export function describeFailure(error: unknown, options: DescribeFailureOptions): Failure {
  const { interruptedWith, outcome } = options;
  const described = describe(error);
  const cause = error instanceof LateFailure ? error.cause : error;
  if (interruptedWith !== undefined && isCancellation(cause, described.code)) {
    const done = error instanceof LateFailure ? error : { outcome, details: {} };
    return {
      code: 'cancelled',
      exitCode: interruptedWith,
      outcome: done.outcome,
      message: 'Interrupted.',
      details: done.details,
    };
  }
  return { outcome, details: {}, ...described, exitCode: exitCodeOf(described.code) };
}

function describe(error: unknown): FailureDescription {
  if (error instanceof CommandError) return describeCommandError(error);
  if (error instanceof LateFailure) return describeLateFailure(error);
  const suppressed = suppressedFailure(error);
  if (suppressed !== undefined) return describe(suppressed.first);
  const own = describeOwnError(error);
  if (own !== undefined) return own;
  if (InvalidValueError.isInstance(error)) {
    const { message, hint, field, value } = error;
    return { code: 'invalid-value', message: sentence(message), hint, details: { field, value } };
  }
  if (isSystemError(error))
    return { ...meaningOf(error), details: { path: error.path, systemCode: error.code } };
  return {
    code: 'internal',
    message: `An error in Holdfast itself: ${error instanceof Error ? error.message : String(error)}`,
    hint: 'Please report it, with the command and what it prints with --verbose.',
  };
}

/** What is wrong with the command line itself is found before a command begins its work. */
function describeCommandError({ code, message, hint, outcome, details }: CommandError): FailureDescription {
  const isUnread = code === 'wrong-use' || code === 'invalid-value';
  const headline = outcome ?? (isUnread ? 'Nothing was done: the command line is not valid.' : undefined);
  return { code, message, hint, details, ...(headline === undefined ? {} : { outcome: headline }) };
}

function describeLateFailure({ outcome, cause, details }: LateFailure): FailureDescription {
  const described = describe(cause);
  return { ...described, outcome, details: { ...described.details, ...details } };
}

/** Whoever interrupts also cuts the streams that are being read: that is no fault of theirs. */
function isCancellation(error: unknown, code: FailureCode): boolean {
  if (code === 'cancelled') return true;
  const names = ['AbortError', 'ERR_STREAM_PREMATURE_CLOSE', 'ABORT_ERR'];
  return (
    error instanceof Error &&
    (names.includes(error.name) || ('code' in error && names.includes(String(error.code))))
  );
}

function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
