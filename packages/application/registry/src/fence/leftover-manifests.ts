import type { ObjectKey, RegistryStore } from '@holdfast/domain';
import type { StorageService } from '@holdfast/storage';
import type { CollectedItem } from '../collected-item.ts';
import type { Deletion } from './deletions.ts';
import { ManifestStore } from './manifest-store.ts';

export interface LeftoverManifestsOptions {
  readonly registry: RegistryStore;
  readonly storage: StorageService;
}

/** Finishes what killed commands left of manifests: of versions that were never published, and of removed ones. */
export class LeftoverManifests {
  readonly #options: LeftoverManifestsOptions;

  constructor(options: LeftoverManifestsOptions) {
    this.#options = options;
  }

  /** Deletes or buries those in one store. One that was changed meanwhile is left to the next collection. */
  async *collect(storeName: string, { leftovers }: Deletion): AsyncIterable<CollectedItem> {
    const { registry, storage } = this.#options;
    const store = new ManifestStore(registry, storage);
    for (const { key, etag, sizeBytes, state, ...leftover } of leftovers) {
      if (leftover.storeName !== storeName) continue;
      const item = { storeName, name: key, sizeBytes, outcome: 'removed' } as const;
      if (state === 'removing') {
        await store.bury(storeName, { ...leftover, key });
        yield { ...item, reason: 'its version was removed' };
        continue;
      }
      const [result] = await storage.adapter(storeName).delete([{ key, ifMatch: etag }]);
      if (result === undefined || 'error' in result) continue;
      await registry.repositories.manifests.deleteStored(storeName, key);
      yield { ...item, reason: 'its version was never published' };
    }
  }

  /** Notes what is done. A manifest that arrives late is found all the same: its version is known to be none. */
  async finish({ storeNames }: Deletion): Promise<void> {
    const { registry, storage } = this.#options;
    const { manifests } = registry.repositories;
    const store = new ManifestStore(registry, storage);
    for (const { versionId } of await manifests.listReservations('condemned'))
      await manifests.changeState(versionId, 'condemned', 'removed');
    for (const removed of await manifests.listReservations('removing')) {
      const stored = await manifests.findStoredOf(removed.versionId);
      if (!stored.every(({ storeName }) => storeNames.has(storeName))) continue;
      for (const { storeName, key } of stored)
        await store.bury(storeName, { ...removed, key: key as ObjectKey });
      await manifests.changeState(removed.versionId, 'removing', 'removed');
    }
  }
}
