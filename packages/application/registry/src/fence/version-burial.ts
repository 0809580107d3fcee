import type { ModelVersion, ObjectKey, RegistryStore } from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';
import type { StorageService } from '@holdfast/storage';
import { manifestKey } from './manifest-documents.ts';
import { ManifestStore } from './manifest-store.ts';
import type { StoreClaim } from './store-claim.ts';

export interface VersionBurialOptions {
  readonly registry: RegistryStore;
  readonly storage: StorageService;
  readonly claim: StoreClaim;
}

/** Puts tombstones in the place of the manifests of versions that are removed. */
export class VersionBurial {
  readonly #options: VersionBurialOptions;

  constructor(options: VersionBurialOptions) {
    this.#options = options;
  }

  /**
   * Checks, before versions are removed, that their stores are ours. A store out of reach is passed over: its manifests are
   * left to a collection.
   *
   * @throws StorageError `permission-denied` when one belongs to another registry, `corrupt` when its claim is damaged.
   */
  async assertOurs(versions: readonly ModelVersion[]): Promise<void> {
    for (const storeName of this.#configured(versions.map(({ storage }) => storage.storeName))) {
      try {
        await this.#options.claim.ensure(storeName);
      } catch (error) {
        if (!StorageError.isInstance(error) || isLasting(error)) throw error;
      }
    }
  }

  /**
   * Buries versions after their removal was committed.
   *
   * @throws StorageError when a store refuses, after the others were tried; a collection goes on then.
   */
  async bury(versions: readonly ModelVersion[]): Promise<void> {
    const failures: unknown[] = [];
    for (const version of versions)
      await this.#buryOne(version).catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw failures[0];
  }

  async #buryOne({ id: versionId, modelName: name, number, storage: info }: ModelVersion): Promise<void> {
    const { registry, storage, claim } = this.#options;
    const { manifests } = registry.repositories;
    const stored = await manifests.findStoredOf(versionId);
    const places = new Map(stored.map(({ storeName, key }) => [`${storeName}\n${key}`, { storeName, key }]));
    const [own] = this.#configured([info.storeName]);
    const key = manifestKey(name, number);
    if (own !== undefined) places.set(`${own}\n${key}`, { storeName: own, key });
    let isDone = true;
    for (const place of places.values()) {
      const isReachable = storage.storeNames.includes(place.storeName);
      if (!isReachable) isDone = false;
      else if ((await claim.ensure(place.storeName)) !== undefined)
        await new ManifestStore(registry, storage).bury(place.storeName, {
          versionId,
          name,
          number,
          key: place.key as ObjectKey,
        });
    }
    if (isDone) await manifests.changeState(versionId, 'removing', 'removed');
  }

  #configured(storeNames: readonly (string | undefined)[]): readonly string[] {
    const { storage } = this.#options;
    return [...new Set(storeNames)].filter(
      (name): name is string => name !== undefined && storage.storeNames.includes(name),
    );
  }
}

/** Whether trying later is no use. */
function isLasting({ code }: StorageError): boolean {
  return code === 'permission-denied' || code === 'corrupt';
}
