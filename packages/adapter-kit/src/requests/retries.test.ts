import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { retryChannelName } from '@holdfast/ports';
import { describe, expect, test } from 'vitest';
import { Retries } from './retries.ts';
import { RetryBudget } from './retry-budget.ts';

const options = { attempts: 10, totalMs: 180_000, baseDelayMs: 100, maximumDelayMs: 15_000 };
const failure = { code: 'unavailable', what: 'down', isTemporary: true, mayHaveHappened: false } as const;

function start(random: () => number, budget = new RetryBudget()) {
  const slept: number[] = [];
  let nowMs = 0;
  const sleep = async (durationMs: number): Promise<void> => {
    slept.push(durationMs);
    nowMs += durationMs;
  };
  return { slept, retries: new Retries({ options, budget, clock: { now: () => nowMs, random, sleep } }) };
}

async function exhaust(retries: Retries, retryAfterMs?: number): Promise<number> {
  while (await retries.next({ ...failure, retryAfterMs }, undefined));
  return retries.attempts;
}

describe('Retries', () => {
  test('doubles the bound of the delay up to its maximum, ten tries in all', async () => {
    const { retries, slept } = start(() => 0.5);
    expect(await exhaust(retries)).toBe(10);
    expect(slept).toEqual([50, 100, 200, 400, 800, 1_600, 3_200, 6_400, 7_500]);
  });

  test('publishes each further try before it waits, without secrets', async () => {
    const notices: unknown[] = [];
    const note = (notice: unknown): void => void notices.push(notice);
    subscribe(retryChannelName, note);
    const { retries } = start(() => 0.5);
    await retries.next({ ...failure, what: 'no answer from http://user:secret@host' }, undefined);
    unsubscribe(retryChannelName, note);
    expect(notices).toEqual([
      { reason: expect.not.stringContaining('secret') as string, attempt: 2, mostAttempts: 10, delayMs: 50 },
    ]);
  });

  test('waits as long as it is asked to, but not past its patience', async () => {
    const asked = start(() => 0);
    expect(await exhaust(asked.retries, 50_000)).toBe(4);
    expect(asked.slept).toEqual([50_000, 50_000, 50_000]);
    expect(await exhaust(start(() => 0).retries, 200_000)).toBe(1);
  });

  test('begins anew after progress', async () => {
    const { retries } = start(() => 0);
    for (let round = 0; round < 30; round++) {
      retries.progressed();
      expect(await retries.next(failure, undefined)).toBe(true);
    }
  });

  test('sends hardly more than what was asked for while everything fails', async () => {
    const budget = new RetryBudget();
    let sent = 0;
    for (let operation = 0; operation < 1_000; operation++)
      sent += await exhaust(start(() => 0, budget).retries);
    expect(sent).toBe(1_100);
  });
});
