import { fullJitterDelayMs } from './full-jitter-delay.ts';
import { publishRetry } from './publish-retry.ts';
import { redactSecrets } from './redact-secrets.ts';
import type { RequestClock } from './request-clock.ts';
import type { RequestFailure } from './request-failure.ts';
import type { RetryBudget } from './retry-budget.ts';

/** How patiently work is tried again. */
export interface RetryOptions {
  /** Most tries, the first one included. @default 10 */
  readonly attempts?: number;
  /** No try begins later than this after the first. @default 180000 */
  readonly totalMs?: number;
  /** Bound of the first delay. @default 100 */
  readonly baseDelayMs?: number;
  /** Longest delay. @default 15000 */
  readonly maximumDelayMs?: number;
}

/** What the tries of one operation share with others. */
export interface RetryContext {
  readonly options: Required<RetryOptions>;
  readonly clock: RequestClock;
  readonly budget: RetryBudget;
}

/** The tries of one operation: counts them, waits between them, and says when it is enough. */
export class Retries {
  readonly #context: RetryContext;
  #startedMs: number;
  #attempts = 1;
  #failures = 0;

  constructor(context: RetryContext) {
    this.#context = context;
    this.#startedMs = context.clock.now();
  }

  /** How many tries there were, the present one included. */
  get attempts(): number {
    return this.#attempts;
  }

  /** Notes progress: patience begins anew. */
  progressed(): void {
    this.#failures = 0;
    this.#startedMs = this.#context.clock.now();
  }

  /** Waits before the next try; `false` when there is none: too often, too long, or too many others fail too. */
  async next(failure: RequestFailure, signal: AbortSignal | undefined): Promise<boolean> {
    const { options, clock, budget } = this.#context;
    this.#failures++;
    if (this.#failures >= options.attempts) return false;
    const jitterMs = fullJitterDelayMs(this.#failures, { ...options, random: clock.random });
    const delayMs = Math.max(jitterMs, failure.retryAfterMs ?? 0);
    if (clock.now() + delayMs - this.#startedMs > options.totalMs) return false;
    if (!budget.tryTake(failure.code === 'timeout' ? 'timeout' : 'ordinary')) return false;
    publishRetry({
      reason: redactSecrets(failure.what),
      attempt: this.#attempts + 1,
      mostAttempts: options.attempts,
      delayMs,
    });
    await clock.sleep(delayMs, signal);
    this.#attempts++;
    return true;
  }
}
