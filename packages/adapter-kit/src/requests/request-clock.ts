import { setTimeout as delay } from 'node:timers/promises';

/** Time and chance, as functions, so that tests decide both. */
export interface RequestClock {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Waits; rejects with the signal's reason when that is aborted. */
  readonly sleep: (durationMs: number, signal?: AbortSignal) => Promise<void>;
  /** A number from 0 up to, but not, 1. */
  readonly random: () => number;
}

/** The machine's own. */
export const systemClock: RequestClock = {
  now: Date.now,
  sleep: (durationMs, signal) => delay(durationMs, undefined, signal === undefined ? {} : { signal }),
  random: Math.random,
};
