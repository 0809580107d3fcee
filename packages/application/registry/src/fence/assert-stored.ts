import { parseObjectKey } from '@holdfast/domain';
import { type Cancellable, type StorageAdapter, StorageError } from '@holdfast/ports';
import type { StoredContent } from '../artifact.ts';

/** Objects that were stored, or found in the store, were deleted before their version was published. */
export class ObjectsGone extends Error {
  readonly #key: string;
  readonly #adapter: StorageAdapter;

  constructor(adapter: StorageAdapter, key: string) {
    super(`The object ${key} was deleted meanwhile.`);
    this.#adapter = adapter;
    this.#key = key;
  }

  /** The error for a caller who has to save again. */
  toStorageError(): StorageError {
    return new StorageError({
      code: 'unavailable',
      operation: 'publish',
      backend: this.#adapter.backend,
      key: this.#key,
      retry: 'temporary',
      message: 'A copy of this registry deleted an object before its version was published.',
      hint: 'Save it again.',
    });
  }
}

/** How many objects are looked for at once. */
const lookedForAtOnce = 16;

/**
 * Checks that objects are still in their store.
 *
 * @throws ObjectsGone when one is not.
 */
export async function assertStored(
  adapter: StorageAdapter,
  objects: readonly StoredContent[],
  { signal }: Cancellable,
): Promise<void> {
  for (let start = 0; start < objects.length; start += lookedForAtOnce) {
    const looks = objects.slice(start, start + lookedForAtOnce).map(async ({ key, sizeBytes }) => {
      const info = await adapter.head(parseObjectKey(key), { signal });
      if (info?.sizeBytes !== sizeBytes) throw new ObjectsGone(adapter, key);
    });
    await Promise.all(looks);
  }
}
