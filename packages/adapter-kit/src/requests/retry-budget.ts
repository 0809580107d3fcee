const capacity = 500;
const costs = { ordinary: 5, timeout: 10 } as const;
const refund = 1;

/**
 * Tokens that an adapter's operations share: a failure that is tried again costs some, a success gives one back.
 * While a backend is down, the tokens run out and what fails is told at once, instead of being sent ten times.
 */
export class RetryBudget {
  #tokens = capacity;

  /** Pays for one more attempt; `false` when there is not enough left. */
  tryTake(kind: keyof typeof costs): boolean {
    if (this.#tokens < costs[kind]) return false;
    this.#tokens -= costs[kind];
    return true;
  }

  /** Notes that a request went through. */
  refund(): void {
    this.#tokens = Math.min(capacity, this.#tokens + refund);
  }
}
