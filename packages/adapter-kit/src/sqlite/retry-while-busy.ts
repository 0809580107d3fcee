import { setTimeout as sleep } from 'node:timers/promises';
import { BusyTimeoutError } from './busy-timeout-error.ts';
import { SqliteResultCode, sqliteResultOf } from './sqlite-result-code.ts';

const longestPauseMs = 25;

/** How long to wait for a locked database. */
export interface BusyOptions {
  /** With 0 it is tried once. */
  readonly busyTimeoutMs: number;
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Calls into SQLite until no other connection holds the lock that it needs, pausing with growing jitter.
 * It waits on the event loop, never inside SQLite, so that nothing else in this process stands still:
 * open databases with `timeout: 0`.
 *
 * Errors other than a lock are passed on as they are.
 *
 * @throws BusyTimeoutError when it is locked for longer than `busyTimeoutMs`, and the `AbortError` of `node:timers`
 *   (`code` is `ABORT_ERR`) when the signal ends the waiting.
 */
export async function retryWhileBusy<T>(attempt: () => T, options: BusyOptions): Promise<T> {
  const { busyTimeoutMs, signal } = options;
  let deadline: number | undefined;
  for (let attempts = 1; ; attempts++) {
    try {
      return attempt();
    } catch (error) {
      if (!isBusy(error)) throw error;
      deadline ??= performance.now() + busyTimeoutMs;
      if (performance.now() >= deadline)
        throw new BusyTimeoutError({ attempts, busyTimeoutMs, cause: error });
    }
    const ceilingMs = Math.min(longestPauseMs, 2 ** attempts);
    await sleep(1 + Math.random() * ceilingMs, undefined, { signal });
  }
}

/** Another process holds the database, or another connection of this process a table. */
function isBusy(error: unknown): boolean {
  const primary = sqliteResultOf(error)?.primary;
  return primary === SqliteResultCode.Busy || primary === SqliteResultCode.Locked;
}
