import { MemoryStorageAdapter } from '@holdfast/adapter-memory';
import { type CheckOptions, type StorageAdapter, StorageError, type StorageErrorCode } from '@holdfast/ports';
import { StorageHealthCheck } from '@holdfast/storage';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { expectCode } from './support/expect-code.ts';
import { overriding } from './support/overriding.ts';

afterEach(() => vi.useRealTimers());

/** A store whose check is this. */
function storeWith(check: (options: CheckOptions) => Promise<void>): StorageAdapter {
  return overriding<StorageAdapter>(new MemoryStorageAdapter(), { check: (options = {}) => check(options) });
}

function refusal(code: StorageErrorCode, hint?: string): StorageError {
  return new StorageError({ code, operation: 'check', backend: 'memory', hint });
}

const answering = async (): Promise<void> => {};
/** Neither answers nor listens. */
const hanging = (): Promise<void> => new Promise(() => undefined);

describe('a store that is well', () => {
  test('is reachable and writable, and was timed', async () => {
    const health = new StorageHealthCheck({ adapters: { main: new MemoryStorageAdapter() }, probes: 7 });
    const found = await health.check('main');
    expect(found).toEqual({
      storeName: 'main',
      backend: 'memory',
      isReachable: true,
      isWritable: true,
      latency: { of: 'write', p50Ms: expect.any(Number), p95Ms: expect.any(Number), count: 7 },
      checkedAt: expect.stringMatching(/Z$/),
    });
    expect(found.latency?.p95Ms).toBeGreaterThanOrEqual(found.latency?.p50Ms ?? 0);
  });

  test('is not written to where that is not wanted', async () => {
    const asked: boolean[] = [];
    const adapters = { main: storeWith(async ({ write }) => void asked.push(write === true)) };
    const found = await new StorageHealthCheck({ adapters, write: false, probes: 3 }).check('main');
    expect(found).toMatchObject({
      isReachable: true,
      isWritable: undefined,
      latency: { of: 'look', count: 3 },
    });
    expect(asked).toEqual([false, false, false]);
  });

  test('tells its room where it can, and is well where it cannot', async () => {
    const bounded = new MemoryStorageAdapter();
    const adapters = {
      bounded: overriding<StorageAdapter>(bounded, { space: async () => ({ freeBytes: 5, totalBytes: 9 }) }),
      endless: new MemoryStorageAdapter(),
      blind: overriding<StorageAdapter>(bounded, { space: () => Promise.reject(refusal('unavailable')) }),
    };
    const [first, second, third] = await new StorageHealthCheck({ adapters }).checkAll();
    expect(first?.space).toEqual({ freeBytes: 5, totalBytes: 9 });
    expect(second).not.toHaveProperty('space');
    expect(third).toMatchObject({
      isReachable: true,
      isWritable: true,
      lastError: { code: 'unavailable', at: third?.checkedAt },
    });
  });
});

describe('a store that is not well', () => {
  test('says what is wrong and what to do', async () => {
    const adapters = { main: storeWith(() => Promise.reject(refusal('unauthenticated', 'Sign in again.'))) };
    const found = await new StorageHealthCheck({ adapters }).check('main');
    expect(found).toMatchObject({
      isReachable: false,
      isWritable: undefined,
      lastError: {
        code: 'unauthenticated',
        message: 'check on memory: unauthenticated',
        hint: 'Sign in again.',
        at: found.checkedAt,
      },
    });
    expect(found).not.toHaveProperty('latency');
  });

  test.each(['permission-denied', 'quota-exceeded'] as const)(
    'is reachable all the same when it only refuses writes: %s',
    async (code) => {
      const adapters = {
        main: storeWith(async ({ write }) => {
          if (write === true) throw refusal(code);
        }),
      };
      expect(await new StorageHealthCheck({ adapters, probes: 4 }).check('main')).toMatchObject({
        isReachable: true,
        isWritable: false,
        latency: { of: 'look', count: 4 },
        lastError: { code },
      });
    },
  );

  test('may be one whose adapter cannot be made; the next check tries again', async () => {
    const makes = [
      () => Promise.reject(new Error('the module is missing')),
      async () => new MemoryStorageAdapter(),
    ];
    const adapters = { main: () => (makes.shift() as () => Promise<StorageAdapter>)() };
    const health = new StorageHealthCheck({ adapters });
    expect(await health.check('main')).toMatchObject({
      backend: undefined,
      isReachable: false,
      lastError: { code: 'unexpected', message: 'the module is missing' },
    });
    expect(await health.check('main')).toMatchObject({ backend: 'memory', isReachable: true });
  });
});

describe('a store that does not answer', () => {
  test('is told as such in time, and its probe is cancelled', async () => {
    vi.useFakeTimers();
    const signals: (AbortSignal | undefined)[] = [];
    const adapters = {
      main: storeWith(({ signal }) => {
        signals.push(signal);
        return hanging();
      }),
    };
    const checking = new StorageHealthCheck({ adapters, timeoutMs: 300 }).check('main');
    await vi.advanceTimersByTimeAsync(299);
    expect(signals.map((signal) => signal?.aborted)).toEqual([false]);
    await vi.advanceTimersByTimeAsync(1);
    expect(await checking).toMatchObject({
      isReachable: false,
      lastError: { code: 'timeout', message: 'The store main did not answer within 0.3 s.' },
    });
    expect(signals.map((signal) => signal?.aborted)).toEqual([true]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('holds up no other: all are asked at once, and each has five seconds', async () => {
    vi.useFakeTimers();
    const asked: string[] = [];
    const silent = (name: string) =>
      storeWith(() => {
        asked.push(name);
        return hanging();
      });
    const adapters = {
      first: silent('first'),
      second: silent('second'),
      third: new MemoryStorageAdapter(),
      unmade: () => new Promise<StorageAdapter>(() => undefined),
    };
    const health = new StorageHealthCheck({ adapters });
    const checking = health.checkAll();
    await vi.advanceTimersByTimeAsync(4_999);
    expect(asked).toEqual(['first', 'second']);
    expect(health.latest('third')).toMatchObject({ isReachable: true });
    await vi.advanceTimersByTimeAsync(1);
    expect((await checking).map(({ storeName, isReachable }) => [storeName, isReachable])).toEqual([
      ['first', false],
      ['second', false],
      ['third', true],
      ['unmade', false],
    ]);
  });

  test('to a write is reachable and not writable', async () => {
    vi.useFakeTimers();
    const adapters = { main: storeWith(({ write }) => (write === true ? hanging() : answering())) };
    const checking = new StorageHealthCheck({ adapters }).check('main');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await checking).toMatchObject({
      isReachable: true,
      isWritable: false,
      lastError: { code: 'timeout', message: 'The store main was not written to within 5 s.' },
    });
  });

  test('often enough in time is slow, and not ill', async () => {
    vi.useFakeTimers();
    let answers = 0;
    const adapters = { main: storeWith(() => (++answers > 3 ? hanging() : answering())) };
    const checking = new StorageHealthCheck({ adapters }).check('main');
    await vi.advanceTimersByTimeAsync(5_000);
    const found = await checking;
    expect(found).toMatchObject({
      isReachable: true,
      isWritable: true,
      latency: { of: 'write', count: 2 },
    });
    expect(found).not.toHaveProperty('lastError');
  });

  test('does not outlive whoever asked', async () => {
    const controller = new AbortController();
    const adapters = { main: storeWith(hanging) };
    const health = new StorageHealthCheck({ adapters });
    const checking = health.checkAll({ signal: controller.signal });
    controller.abort();
    await expectCode(checking, 'cancelled');
    await expectCode(health.check('main', { signal: controller.signal }), 'cancelled');
    expect(health.latest('main')).toBeUndefined();
  });
});

test('remembers latencies and the last error between checks', async () => {
  let isBroken = true;
  const adapters = {
    main: storeWith(async () => {
      if (isBroken) throw refusal('unavailable');
    }),
  };
  const health = new StorageHealthCheck({ adapters, probes: 30 });
  const broken = await health.check('main');
  isBroken = false;
  await health.check('main');
  for (let round = 0; round < 3; round++) await health.check('main');
  const found = health.latest('main');
  expect(found).toMatchObject({ isReachable: true, lastError: broken.lastError, latency: { count: 100 } });
  isBroken = true;
  expect(await health.check('main')).toMatchObject({ isReachable: false, latency: { of: 'look' } });
});

test('refuses what it cannot do', async () => {
  const adapters = { main: new MemoryStorageAdapter() };
  for (const options of [{ timeoutMs: 0 }, { timeoutMs: Number.NaN }, { probes: 0 }, { probes: 1.5 }]) {
    expect(() => new StorageHealthCheck({ adapters, ...options })).toThrow(
      expect.objectContaining({ code: 'invalid-configuration' }),
    );
  }
  const health = new StorageHealthCheck({ adapters });
  const error = await expectCode(health.check('toString'), 'invalid-configuration');
  expect(error.hint).toBe('Its stores: main.');
  expect(await new StorageHealthCheck({ adapters: {} }).checkAll()).toEqual([]);
});
