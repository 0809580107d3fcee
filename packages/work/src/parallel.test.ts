import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asCompleted } from './as-completed.ts';
import { forEachAtOnce } from './for-each-at-once.ts';
import { inOrder } from './in-order.ts';

const kinds = { inOrder, asCompleted };

/** Work whose pieces end when the test says so. */
class Steps {
  readonly begun: number[] = [];
  readonly aborted: number[] = [];
  readonly #ends = new Map<number, PromiseWithResolvers<number>>();
  most = 0;

  readonly work = async (item: number, signal: AbortSignal): Promise<number> => {
    this.begun.push(item);
    const end = Promise.withResolvers<number>();
    this.#ends.set(item, end);
    this.most = Math.max(this.most, this.#ends.size);
    signal.addEventListener('abort', () => this.aborted.push(item));
    try {
      return await end.promise;
    } finally {
      this.#ends.delete(item);
    }
  };

  get running(): readonly number[] {
    return [...this.#ends.keys()];
  }

  async end(item: number): Promise<void> {
    this.#ends.get(item)?.resolve(item);
    await new Promise(setImmediate);
  }

  async fail(item: number): Promise<void> {
    this.#ends.get(item)?.reject(new Error(`item ${item}`));
    await new Promise(setImmediate);
  }
}

async function collect(results: AsyncIterable<number>): Promise<number[]> {
  const found: number[] = [];
  for await (const result of results) found.push(result);
  return found;
}

describe.each(Object.entries(kinds))('%s', (name, parallel) => {
  test('gives every result once, never with more at once than it may', async () => {
    const lengths = fc.integer({ min: 0, max: 12 });
    await fc.assert(
      fc.asyncProperty(
        lengths,
        fc.integer({ min: 1, max: 5 }),
        fc.infiniteStream(fc.nat()),
        async (length, atOnce, picks) => {
          const steps = new Steps();
          const items = Array.from({ length }, (_, index) => index);
          const collecting = collect(parallel(items, steps.work, { atOnce }));
          const ended: number[] = [];
          await new Promise(setImmediate);
          while (steps.running.length > 0) {
            const item = steps.running[(picks.next().value ?? 0) % steps.running.length] as number;
            ended.push(item);
            await steps.end(item);
          }
          expect(await collecting).toEqual(name === 'inOrder' ? items : ended);
          expect(steps.most).toBe(Math.min(atOnce, length));
          expect(steps.begun).toEqual(items);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('begins nothing more after a failure, aborts what is in progress and waits for it', async () => {
    const steps = new Steps();
    const collecting = collect(parallel([0, 1, 2, 3], steps.work, { atOnce: 2 }));
    let hasEnded = false;
    const ending = collecting.catch(() => undefined).finally(() => (hasEnded = true));
    await new Promise(setImmediate);
    await steps.fail(0);
    expect([steps.begun, steps.aborted, hasEnded]).toEqual([[0, 1], [0, 1], false]);
    await steps.end(1);
    await ending;
    await expect(collecting).rejects.toThrow('item 0');
    expect(steps.begun).toEqual([0, 1]);
  });

  test('closes its source and waits for what is in progress when the caller leaves', async () => {
    const steps = new Steps();
    let isClosed = false;
    const items = async function* (): AsyncGenerator<number> {
      try {
        yield* [0, 1, 2, 3];
      } finally {
        isClosed = true;
      }
    };
    const results = parallel(items(), steps.work, { atOnce: 2 });
    const first = results.next();
    await new Promise(setImmediate);
    await steps.end(0);
    expect(await first).toMatchObject({ value: 0 });
    const leaving = results.return();
    await steps.end(1);
    await leaving;
    expect([steps.running, isClosed]).toEqual([[], true]);
  });

  test('passes a signal on, and a failure of the source', async () => {
    const reason = new Error('enough');
    const signal = AbortSignal.abort(reason);
    const obey = async (_item: number, given: AbortSignal): Promise<number> => {
      given.throwIfAborted();
      return 0;
    };
    await expect(collect(parallel([1], obey, { atOnce: 1, signal }))).rejects.toBe(reason);
    const broken = async function* (): AsyncGenerator<number> {
      yield 1;
      throw reason;
    };
    await expect(collect(parallel(broken(), async (item) => item, { atOnce: 2 }))).rejects.toBe(reason);
  });
});

describe('forEachAtOnce', () => {
  test('numbers the items, and begins none after a failure', async () => {
    const begun: [string, number][] = [];
    const work = async (item: string, index: number): Promise<void> => {
      begun.push([item, index]);
      await new Promise(setImmediate);
      if (item === 'b') throw new Error('b failed');
    };
    await forEachAtOnce(['a', 'x', 'y'], work, { atOnce: 2 });
    expect(begun.splice(0)).toEqual([
      ['a', 0],
      ['x', 1],
      ['y', 2],
    ]);
    await expect(forEachAtOnce(['a', 'b', 'c', 'd', 'e'], work, { atOnce: 1 })).rejects.toThrow('b failed');
    expect(begun).toEqual([
      ['a', 0],
      ['b', 1],
    ]);
  });
});
