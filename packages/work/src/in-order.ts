import { joinSignals } from './join-signals.ts';
import type { ParallelOptions } from './parallel-options.ts';

/**
 * Works on several items at once and gives the results in the order of the items. When the caller leaves early or
 * something fails, the signal of the work that is in progress is aborted, and the work is waited for.
 *
 * @throws what the items and the work throw, when its turn has come; the signal does not end it by itself.
 */
export async function* inOrder<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  work: (item: Item, signal: AbortSignal) => Promise<Result>,
  options: ParallelOptions,
): AsyncGenerator<Result, void> {
  const leaving = new AbortController();
  const signal = joinSignals(leaving.signal, options.signal);
  const begun: Promise<Result>[] = [];
  try {
    for await (const item of items) {
      const result = work(item, signal);
      // It is waited for in its turn; until then its failure must not count as unhandled.
      result.catch(() => undefined);
      begun.push(result);
      if (begun.length >= options.atOnce) yield await (begun.shift() as Promise<Result>);
    }
    while (begun.length > 0) yield await (begun.shift() as Promise<Result>);
  } finally {
    leaving.abort();
    await Promise.allSettled(begun);
  }
}
