import type { RegistryStore } from '@holdfast/domain';
import { type Cancellable, StorageError } from '@holdfast/ports';
import type { StorageService } from '@holdfast/storage';

export interface StorePresenceOptions {
  readonly registry: RegistryStore;
  readonly storage: StorageService;
}

/**
 * Tells an empty store from one that is gone. The registry remembers that a store was used: it knows objects there. A
 * folder, bucket or database that holds nothing at all then is not the store any more, but the place where it was: a disk
 * that is not mounted, a bucket that was made again.
 */
export class StorePresence {
  readonly #options: StorePresenceOptions;

  constructor(options: StorePresenceOptions) {
    this.#options = options;
  }

  /**
   * @throws StorageError `unavailable` (`never`) when the store was used and holds nothing any more; whatever keeps it
   *   from being listed.
   */
  async assert(storeName: string, options: Cancellable = {}): Promise<void> {
    const error = await this.whyGone(storeName, options);
    if (error !== undefined) throw error;
  }

  /**
   * The error for a store that is gone; `undefined` for one that is not.
   *
   * @throws StorageError whatever keeps the store from being listed.
   */
  async whyGone(storeName: string, { signal }: Cancellable = {}): Promise<StorageError | undefined> {
    const { registry, storage } = this.#options;
    const { objects: ledger } = registry.repositories;
    const { items: used } = await ledger.listLocations({ storeName, limit: 1 });
    if (used.length === 0) return undefined;
    const adapter = storage.adapter(storeName);
    for await (const { objects } of adapter.list({ pageSize: 1, signal })) {
      if (objects.length > 0) return undefined;
    }
    const { count } = await ledger.measureLocations({ storeName });
    const objects = count === 1 ? '1 object was' : `${count} objects were`;
    return new StorageError({
      code: 'unavailable',
      operation: 'look for the store',
      backend: adapter.backend,
      message: `The store ${storeName} is gone: ${objects} saved into it, and it holds nothing at all.`,
      hint:
        `Mount its disk, or bring its folder or bucket back. If it was replaced by an empty one, fill that: ` +
        `holdfast mirror OTHER ${storeName} --refill`,
    });
  }
}
