import type { FailureCode } from './failure-code.ts';

/** A failure as it is told to people and scripts. */
export interface Failure {
  readonly code: FailureCode;
  readonly exitCode: number;
  /** What the failure means for the user. */
  readonly outcome: string;
  /** Why, as a sentence. */
  readonly message: string;
  /** What belongs to the message one by one, such as every fault of a configuration. */
  readonly list?: readonly string[] | undefined;
  /** What to do. */
  readonly hint?: string | undefined;
  /** Facts for scripts, such as `offset` or `key`. */
  readonly details: Readonly<Record<string, unknown>>;
}
