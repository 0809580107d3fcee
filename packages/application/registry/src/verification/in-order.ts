/** How items are worked on ahead. */
export interface InOrderOptions {
  /** How many are worked on at once. */
  readonly atOnce: number;
  /** Ends the work. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Works on several items at once and hands the results out in the order of the items. When it is left early or
 * something fails, the work that is under way is told to stop and waited for.
 */
export async function* inOrder<Item, Result>(
  items: AsyncIterable<Item>,
  work: (item: Item, signal: AbortSignal) => Promise<Result>,
  options: InOrderOptions,
): AsyncIterable<Result> {
  const leaving = new AbortController();
  const signal =
    options.signal === undefined ? leaving.signal : AbortSignal.any([options.signal, leaving.signal]);
  const begun: Promise<Result>[] = [];
  try {
    for await (const item of items) {
      const result = work(item, signal);
      // It is waited for in its turn; until then a failure has been seen by nobody.
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
