import { setTimeout as delay } from 'node:timers/promises';
import { StorageBackend } from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';
import { isBusy } from '../to-storage-error.ts';

const firstPauseMs = 1;
const longestPauseMs = 50;

/**
 * Calls into SQLite until no other process holds the lock that it needs. It waits on the event loop,
 * never inside SQLite, so that nothing else in this process stands still.
 *
 * @throws StorageError `unavailable` when that takes longer than the time limit.
 */
export async function retryWhileBusy<T>(call: () => T, timeoutMs: number): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    try {
      return call();
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (performance.now() > deadline) throw stillBusy(timeoutMs, error);
    }
    await delay(pauseMs * (0.5 + Math.random()));
  }
}

function stillBusy(timeoutMs: number, cause: unknown): StorageError {
  return new StorageError({
    code: 'unavailable',
    operation: 'lock the index',
    backend: StorageBackend.LocalFilesystem,
    retry: 'exhausted',
    message: `Other processes held the store's index for ${timeoutMs} ms.`,
    hint: 'Try again when they are done, or raise the time limit.',
    cause,
  });
}
