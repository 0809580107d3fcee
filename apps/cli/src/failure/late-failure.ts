/** A failure after a part of the work was done for good: says what was done, and is told as its cause is. */
export class LateFailure extends Error {
  override readonly name = 'LateFailure';
  /** What was done and what was not. */
  readonly outcome: string;
  /** Facts for scripts about what was done. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(outcome: string, cause: unknown, details: Readonly<Record<string, unknown>> = {}) {
    super(outcome, { cause });
    this.outcome = outcome;
    this.details = details;
  }
}
