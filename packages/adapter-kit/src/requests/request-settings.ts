import type { RetryOptions } from './retries.ts';

/** How long anything is waited for, in milliseconds. */
export interface TimeoutOptions {
  /** Until a connection is open. @default 5000 */
  readonly connectMs?: number;
  /** From the request, and the time that its bytes take at 32 KiB/s, to the beginning of the answer. @default 30000 */
  readonly firstByteMs?: number;
  /** Between two pieces of a body: a silent stream is an error. @default 30000 */
  readonly idleMs?: number;
  /** The whole of an operation that has no body to give out; none when not given. */
  readonly totalMs?: number;
}

/** How requests are waited for and repeated, with every default filled in. */
export interface RequestSettings {
  readonly timeouts: Required<Omit<TimeoutOptions, 'totalMs'>> & Pick<TimeoutOptions, 'totalMs'>;
  readonly retry: Required<RetryOptions>;
}
