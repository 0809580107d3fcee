import { type Digest, type ObjectKey, type RegistryStore, utcTimestamp } from '@holdfast/domain';
import { type StorageService, contentKey } from '@holdfast/storage';
import type { StoreClaim } from './store-claim.ts';

export interface ObjectReclaimerOptions {
  readonly registry: RegistryStore;
  readonly storage: StorageService;
  readonly claim: StoreClaim;
  readonly now: () => number;
}

/**
 * Deletes objects that nothing needs, safely beside savers: condemned first, in one transaction that checks
 * references and leases, then deleted, then absolved. No clock decides: a saver that comes in between waits.
 */
export class ObjectReclaimer {
  readonly #options: ObjectReclaimerOptions;

  constructor(options: ObjectReclaimerOptions) {
    this.#options = options;
  }

  /**
   * Deletes those of the digests that no version refers to and nobody has leased, from every store that is ours.
   *
   * @param options.store Look in this store too, for objects that were never published.
   * @returns the digests that were deleted.
   */
  async reclaim(
    digests: readonly Digest[],
    options: { readonly store?: string } = {},
  ): Promise<readonly Digest[]> {
    if (digests.length === 0) return [];
    const { registry, now } = this.#options;
    const ledger = registry.repositories.objects;
    const wanted = new Set(digests);
    const condemned = (await ledger.condemn(digests, utcTimestamp(now()))).filter((digest) => wanted.has(digest));
    try {
      for (const digest of condemned) await this.#delete(digest, options.store);
    } finally {
      await ledger.absolve(condemned);
    }
    return condemned;
  }

  async #delete(digest: Digest, store: string | undefined): Promise<void> {
    const { registry, storage, claim } = this.#options;
    const ledger = registry.repositories.objects;
    const places = new Map((await ledger.findLocations(digest)).map((place) => [place.storeName, place.key]));
    if (store !== undefined) places.set(store, contentKey(digest));
    for (const [storeName, key] of places) {
      if ((await claim.owner(storeName)) !== 'ours') continue;
      const [result] = await storage.adapter(storeName).delete([{ key: key as ObjectKey }]);
      if (result !== undefined && 'error' in result) throw result.error;
      await ledger.deleteLocation(digest, storeName);
    }
  }
}
