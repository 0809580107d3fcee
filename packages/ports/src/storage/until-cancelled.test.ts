import { describe, expect, test } from 'vitest';
import { StorageError } from './storage-error.ts';
import { throwIfCancelled } from './throw-if-cancelled.ts';
import { orCancelled, untilCancelled } from './until-cancelled.ts';

const context = { operation: 'put', backend: 'memory', key: 'k' } as const;
const never = new Promise<never>(() => undefined);

describe('throwIfCancelled', () => {
  test('throws only when the signal was aborted, with its reason as cause', () => {
    throwIfCancelled(undefined, context);
    throwIfCancelled(new AbortController().signal, context);
    const reason = new Error('enough');
    expect(() => throwIfCancelled(AbortSignal.abort(reason), context)).toThrow(
      expect.objectContaining({
        code: 'cancelled',
        operation: 'put',
        backend: 'memory',
        key: 'k',
        cause: reason,
      }),
    );
  });
});

describe('orCancelled', () => {
  test('tells how the work ended', async () => {
    const { signal } = new AbortController();
    expect(await orCancelled(Promise.resolve(3), signal, context)).toBe(3);
    expect(await orCancelled(Promise.resolve(3), undefined, context)).toBe(3);
    await expect(orCancelled(Promise.reject(new Error('broken')), signal, context)).rejects.toThrow('broken');
  });

  test('stops waiting when the signal says so, before or later', async () => {
    const controller = new AbortController();
    const waiting = orCancelled(never, controller.signal, context);
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
    await expect(orCancelled(never, controller.signal, context)).rejects.toMatchObject({ code: 'cancelled' });
  });

  test('leaves no listener behind', async () => {
    const controller = new AbortController();
    let listeners = 0;
    const { signal } = controller;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...given: Parameters<typeof add>) => (listeners++, add(...given));
    signal.removeEventListener = (...given: Parameters<typeof remove>) => (listeners--, remove(...given));
    for (let round = 0; round < 100; round++) await orCancelled(Promise.resolve(), signal, context);
    await new Promise(setImmediate);
    expect(listeners).toBe(0);
  });
});

describe('untilCancelled', () => {
  test('hands everything on without a signal and with one', async () => {
    for (const signal of [undefined, new AbortController().signal]) {
      const seen: number[] = [];
      for await (const value of untilCancelled(count(3), signal, context)) seen.push(value);
      expect(seen).toEqual([0, 1, 2]);
    }
  });

  test('stops while it waits, and does not wait for the source to close', async () => {
    const controller = new AbortController();
    const source = { isLeft: false };
    const silent: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => ({
        next: () => never,
        return: () => {
          source.isLeft = true;
          return never;
        },
      }),
    };
    const waiting = untilCancelled(silent, controller.signal, context).next();
    controller.abort();
    await expect(waiting).rejects.toSatisfy((error) => StorageError.isInstance(error, 'cancelled'));
    expect(source.isLeft).toBe(true);
  });

  test('closes the source before its reader goes on', async () => {
    const closed: string[] = [];
    const source = (async function* () {
      try {
        yield 1;
      } finally {
        await new Promise(setImmediate);
        closed.push('source');
      }
    })();
    for await (const value of untilCancelled(source, undefined, context)) if (value > 0) break;
    closed.push('reader');
    expect(closed).toEqual(['source', 'reader']);
  });

  test('keeps the first failure when closing fails too', async () => {
    const controller = new AbortController();
    const stubborn: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => ({
        next: async () => ({ done: false, value: 1 }),
        return: () => Promise.reject(new Error('cannot close')),
      }),
    };
    const chunks = untilCancelled(stubborn, controller.signal, context);
    await chunks.next();
    controller.abort();
    await expect(chunks.next()).rejects.toMatchObject({ code: 'cancelled' });
  });
});

async function* count(limit: number): AsyncGenerator<number> {
  for (let value = 0; value < limit; value++) yield value;
}
