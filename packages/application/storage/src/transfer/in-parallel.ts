/**
 * Works on many items, a number of them at once, and gives each result as soon as it is there. Items are asked for
 * only when somebody is free. When work fails, or the caller leaves, no new work begins and what is under way is
 * waited for.
 */
export async function* inParallel<Item, Result>(
  items: AsyncIterable<Item>,
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): AsyncIterable<Result> {
  const iterator = items[Symbol.asyncIterator]();
  const underWay = new Set<Promise<Result>>();
  const done: Promise<Result>[] = [];
  const start = (item: Item): void => {
    const task = work(item);
    underWay.add(task);
    const settle = (): void => {
      underWay.delete(task);
      done.push(task);
    };
    task.then(settle, settle);
  };
  try {
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
      start(next.value);
      if (underWay.size >= atOnce) await Promise.race(underWay).catch(() => undefined);
      while (done.length > 0) yield await (done.shift() as Promise<Result>);
    }
    while (underWay.size > 0 || done.length > 0) {
      while (done.length > 0) yield await (done.shift() as Promise<Result>);
      if (underWay.size > 0) await Promise.race(underWay).catch(() => undefined);
    }
  } finally {
    await Promise.allSettled(underWay);
    await iterator.return?.();
  }
}
