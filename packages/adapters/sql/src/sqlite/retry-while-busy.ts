import { setTimeout as sleep } from 'node:timers/promises';
import { isSqliteBusy } from '../to-storage-error.ts';
import { BusyTimeoutError } from './busy-timeout-error.ts';

const longestPauseMs = 25;

/** How long to wait for a locked database. */
export interface BusyOptions {
  readonly busyTimeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Tries until the database is not locked, pausing with growing jitter; the event loop goes on meanwhile.
 *
 * @throws BusyTimeoutError when it is locked for longer than `busyTimeoutMs`.
 */
export async function retryWhileBusy<T>(attempt: () => T, options: BusyOptions): Promise<T> {
  let deadline: number | undefined;
  for (let attempts = 1; ; attempts++) {
    try {
      return attempt();
    } catch (error) {
      if (!isSqliteBusy(error)) throw error;
      deadline ??= performance.now() + options.busyTimeoutMs;
      if (performance.now() >= deadline) throw new BusyTimeoutError(attempts, error);
    }
    const ceilingMs = Math.min(longestPauseMs, 2 ** attempts);
    await sleep(1 + Math.random() * ceilingMs, undefined, { signal: options.signal });
  }
}
