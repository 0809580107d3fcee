/**
 * The diagnostics channel (`node:diagnostics_channel`) on which adapters publish a {@link RetryNotice} before they send a
 * failed request again.
 */
export const retryChannelName = 'holdfast:retry';

/** Why and when a request is sent again. */
export interface RetryNotice {
  /** What went wrong, as the second half of a sentence, such as `nothing listens at the endpoint`. Never holds a secret. */
  readonly reason: string;
  /** Which try comes next, counted from 1. */
  readonly attempt: number;
  /** Most tries. */
  readonly mostAttempts: number;
  readonly delayMs: number;
}
