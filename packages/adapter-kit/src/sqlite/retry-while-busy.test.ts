import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { BusyTimeoutError } from './busy-timeout-error.ts';
import { retryWhileBusy } from './retry-while-busy.ts';

vi.mock('node:timers/promises', { spy: true });

function sqliteError(errcode: number): Error {
  return Object.assign(new Error('what SQLite said'), { code: 'ERR_SQLITE_ERROR', errcode });
}

const busy = sqliteError(5);

function throwBusy(): never {
  throw busy;
}

afterEach(() => {
  vi.restoreAllMocks();
  vi.mocked(sleep).mockReset();
});

describe('retryWhileBusy', () => {
  test.each([
    ['SQLITE_BUSY', 5],
    ['SQLITE_BUSY_SNAPSHOT', 517],
    ['SQLITE_LOCKED', 6],
    ['SQLITE_LOCKED_SHAREDCACHE', 262],
  ])('tries again after %s, while the event loop goes on', async (_, errcode) => {
    let turns = 0;
    const count = vi.fn<() => string>(() => {
      if (turns < 3) throw sqliteError(errcode);
      return 'done';
    });
    const timer = setInterval(() => turns++, 1);
    expect(await retryWhileBusy(count, { busyTimeoutMs: 20_000 })).toBe('done');
    clearInterval(timer);
    expect(count.mock.calls.length).toBeGreaterThan(1);
  });

  test('calls at once, and in the same turn', () => {
    const attempt = vi.fn<() => void>();
    void retryWhileBusy(attempt, { busyTimeoutMs: 0 });
    expect(attempt).toHaveBeenCalledOnce();
  });

  test.each([sqliteError(13), new Error('mine')])('passes %s on as it is, at once', async (error) => {
    const attempt = vi.fn<() => void>(() => {
      throw error;
    });
    await expect(retryWhileBusy(attempt, { busyTimeoutMs: 20_000 })).rejects.toBe(error);
    expect(attempt).toHaveBeenCalledOnce();
  });

  test('gives up when the time is over, and counts the attempts', async () => {
    const attempt = vi.fn<() => never>(throwBusy);
    const startedMs = performance.now();
    const error: unknown = await retryWhileBusy(attempt, { busyTimeoutMs: 500 }).catch(
      (reason: unknown) => reason,
    );
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(500);
    expect(error).toBeInstanceOf(BusyTimeoutError);
    expect(error).toMatchObject({ attempts: attempt.mock.calls.length, busyTimeoutMs: 500, cause: busy });
    expect(attempt.mock.calls.length).toBeGreaterThan(2);
  });

  test('tries once when it is not to wait', async () => {
    const attempt = vi.fn<() => never>(throwBusy);
    await expect(retryWhileBusy(attempt, { busyTimeoutMs: 0 })).rejects.toMatchObject({ attempts: 1 });
    expect(attempt).toHaveBeenCalledOnce();
  });

  test.each([
    ['least', 0, [1, 1, 1, 1, 1, 1]],
    ['greatest', 1, [3, 5, 9, 17, 26, 26]],
  ])('pauses for longer each time, up to a limit: %s chance', async (_, chance, pausesMs) => {
    vi.spyOn(Math, 'random').mockReturnValue(chance);
    vi.mocked(sleep).mockClear().mockResolvedValue(undefined);
    let attempts = 0;
    await retryWhileBusy(() => attempts++ < pausesMs.length && throwBusy(), { busyTimeoutMs: 20_000 });
    expect(vi.mocked(sleep).mock.calls.map(([pauseMs]) => pauseMs)).toEqual(pausesMs);
  });

  test('ends with the signal, and tries no more', async () => {
    const controller = new AbortController();
    const attempt = vi.fn<() => never>(throwBusy);
    const work = retryWhileBusy(attempt, { busyTimeoutMs: 20_000, signal: controller.signal });
    controller.abort(new Error('why'));
    await expect(work).rejects.toMatchObject({ code: 'ABORT_ERR', cause: new Error('why') });
    expect(attempt).toHaveBeenCalledOnce();
  });
});
