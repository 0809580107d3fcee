import { joinSignals } from './join-signals.ts';
import type { ParallelOptions } from './parallel-options.ts';

/**
 * Works on several items at once and gives each result as soon as it is known. An item is asked for only when it can
 * be worked on. When work fails or the caller leaves, no new work begins; what is in progress is waited for, and its
 * signal is aborted.
 *
 * @throws the first failure of the work, or that of the items.
 */
export async function* asCompleted<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  work: (item: Item, signal: AbortSignal) => Promise<Result>,
  options: ParallelOptions,
): AsyncGenerator<Result, void> {
  const leaving = new AbortController();
  const signal = joinSignals(leaving.signal, options.signal);
  const underWay = new Set<Promise<Result>>();
  const done: Promise<Result>[] = [];
  const start = (item: Item): void => {
    const task = work(item, signal);
    underWay.add(task);
    const settle = (): void => {
      underWay.delete(task);
      done.push(task);
    };
    task.then(settle, settle);
  };
  const taken = async function* (): AsyncGenerator<Result, void> {
    while (done.length > 0) yield await (done.shift() as Promise<Result>);
  };
  try {
    for await (const item of items) {
      start(item);
      if (underWay.size >= options.atOnce) await Promise.race(underWay).catch(() => undefined);
      yield* taken();
    }
    while (underWay.size > 0 || done.length > 0) {
      yield* taken();
      if (underWay.size > 0) await Promise.race(underWay).catch(() => undefined);
    }
  } finally {
    leaving.abort();
    await Promise.allSettled(underWay);
  }
}
