import type { Failure } from './failure.ts';

/** What is known of a failure before the command that failed is. */
export type FailureDescription = Pick<Failure, 'code' | 'message' | 'list' | 'hint'> &
  Partial<Pick<Failure, 'outcome' | 'details'>>;
