import type { Cancellable, ObjectInfo, StorageAdapter } from '@holdfast/ports';

/** An object, and what lies under the same key in another store. */
export interface ListedPair {
  readonly source: ObjectInfo;
  readonly target: ObjectInfo | undefined;
}

export interface ListingOptions extends Cancellable {
  readonly prefix?: string | undefined;
}

/**
 * Walks two sorted listings side by side: each object of the first with its counterpart in the second.
 * A page of each is held at a time, whatever the stores hold.
 */
export async function* mergeListings(
  from: StorageAdapter,
  to: StorageAdapter,
  options: ListingOptions,
): AsyncIterable<ListedPair> {
  const targets = objectsOf(to, options)[Symbol.asyncIterator]();
  try {
    let target = await targets.next();
    for await (const source of objectsOf(from, options)) {
      while (target.done !== true && isBefore(target.value.key, source.key)) target = await targets.next();
      const isThere = target.done !== true && target.value.key === source.key;
      yield { source, target: isThere ? (target.value as ObjectInfo) : undefined };
    }
  } finally {
    await targets.return?.(undefined);
  }
}

/** Every object of a listing, one by one. */
export async function* objectsOf(
  adapter: StorageAdapter,
  { prefix = '', signal }: ListingOptions,
): AsyncGenerator<ObjectInfo> {
  for await (const { objects } of adapter.list({ prefix, signal })) yield* objects;
}

function isBefore(left: string, right: string): boolean {
  return Buffer.compare(Buffer.from(left), Buffer.from(right)) < 0;
}
