import type { FailureCode } from './failure-code.ts';

export interface CommandErrorDetails {
  readonly code: FailureCode;
  /** Why it cannot be done, as a sentence. */
  readonly message: string;
  /** What to do instead. */
  readonly hint?: string | undefined;
  /** What the failure means for the user, where the command's own sentence would be wrong. */
  readonly outcome?: string | undefined;
  /** Facts for scripts. */
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  readonly cause?: unknown;
}

/** A failure that the command line itself finds. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly code: FailureCode;
  readonly hint: string | undefined;
  readonly outcome: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(details: CommandErrorDetails) {
    super(details.message, details.cause === undefined ? {} : { cause: details.cause });
    this.code = details.code;
    this.hint = details.hint;
    this.outcome = details.outcome;
    this.details = details.details ?? {};
  }
}
