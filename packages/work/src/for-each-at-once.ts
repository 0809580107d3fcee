import { asCompleted } from './as-completed.ts';
import type { ParallelOptions } from './parallel-options.ts';

/**
 * Works on every item, several at once. After the first failure no new work begins; what is in progress is waited for,
 * and its signal is aborted.
 *
 * @param work Called with the number of the item, from 0 up.
 * @throws the first failure.
 */
export async function forEachAtOnce<Item>(
  items: Iterable<Item>,
  work: (item: Item, index: number, signal: AbortSignal) => Promise<void>,
  options: ParallelOptions,
): Promise<void> {
  const numbered = function* (): Generator<readonly [Item, number]> {
    let index = 0;
    for (const item of items) yield [item, index++];
  };
  const each = asCompleted(numbered(), ([item, index], signal) => work(item, index, signal), options);
  while ((await each.next()).done !== true);
}
