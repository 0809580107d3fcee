import { afterAll, describe, expect, test } from 'vitest';
import { WorkerPool, type WorkerPoolOptions } from '../src/index.ts';
import type { SampleTask } from './sample-worker.ts';

const module = new URL('./sample-worker.ts', import.meta.url);
const pools: AsyncDisposable[] = [];

function poolOf(
  options: Omit<WorkerPoolOptions, 'module'> = {},
): WorkerPool<SampleTask, unknown, number, string> {
  const pool = new WorkerPool<SampleTask, unknown, number, string>({ module, ...options });
  pools.push(pool);
  return pool;
}

afterAll(async () => {
  for (const pool of pools) await pool[Symbol.asyncDispose]();
});

describe('WorkerPool', () => {
  test('does tasks in threads that it keeps, and hands memory over both ways', async () => {
    const pool = poolOf({ atOnce: 1 });
    const numbers = Float64Array.of(1, 2, 3);
    const task = { kind: 'double', numbers } as const;
    expect(await pool.run(task, { transfer: [numbers.buffer] })).toEqual(Float64Array.of(2, 4, 6));
    expect(numbers.byteLength).toBe(0);
    expect(await Promise.all([pool.run({ kind: 'count' }), pool.run({ kind: 'count' })])).toEqual([2, 3]);
    await expect(pool.run({ kind: 'throw' })).rejects.toThrow(new RangeError('out of range'));
    expect(await pool.run({ kind: 'count' })).toBe(5);
  });

  test('gives every task a fresh thread where it is not to reuse one', async () => {
    const pool = poolOf({ isReused: false });
    expect(await pool.run({ kind: 'count' })).toBe(1);
    expect(await pool.run({ kind: 'count' })).toBe(1);
  });

  test('answers the questions of a thread, whose clock is stopped meanwhile', async () => {
    const pool = poolOf({ limits: { workMs: 1_500 } });
    const task = { kind: 'ask', questions: 3 } as const;
    const slowly = async (question: number): Promise<string> => {
      await new Promise((resolve) => setTimeout(resolve, 550 * (question + 1)));
      return `answer ${question}`;
    };
    expect(await pool.run(task, { answer: slowly })).toEqual(['answer 0', 'answer 1', 'answer 2']);
    const failing = (): Promise<string> => Promise.reject(new Error('no answer'));
    await expect(pool.run(task, { answer: failing })).rejects.toThrow('no answer');
    await expect(pool.run(task)).rejects.toThrow('nothing answers');
    expect(await pool.run({ kind: 'count' })).toBe(1);
  });

  test('ends a thread at its limits, by a signal and when it dies, and goes on with another one', async () => {
    const pool = poolOf({ atOnce: 1, limits: { workMs: 300, heapMiB: 64 } });
    const limited = poolOf({ atOnce: 1, limits: { heapMiB: 24 } });
    await expect(pool.run({ kind: 'spin' })).rejects.toMatchObject({ limit: 'time' });
    const memory = { name: 'WorkLimitError', limit: 'memory', message: 'it took more than 24 MiB of memory' };
    await expect(limited.run({ kind: 'fill' })).rejects.toMatchObject(memory);
    const leaving = new AbortController();
    const spinning = limited.run({ kind: 'spin' }, { signal: leaving.signal });
    const waiting = limited.run({ kind: 'count' });
    setImmediate(() => leaving.abort(new Error('enough')));
    await expect(spinning).rejects.toThrow('enough');
    expect(await waiting).toBe(1);
    await expect(limited.run({ kind: 'break' })).rejects.toThrow('the thread broke');
    expect(await limited.run({ kind: 'count' })).toBe(1);
  });

  test('ends its threads when it is disposed, and begins no other', async () => {
    const pool = poolOf();
    const spinning = pool.run({ kind: 'spin' });
    spinning.catch(() => undefined);
    await new Promise(setImmediate);
    await pool[Symbol.asyncDispose]();
    await expect(spinning).rejects.toThrow('ended without a result');
    await expect(pool.run({ kind: 'count' })).rejects.toThrow('disposed');
  });
});
