import { type ModelStorageInfo, type ObjectLocation, type RegistryStore, contentKey } from '@holdfast/domain';
import { type Cancellable, StorageError, type StorageErrorDetails, throwIfCancelled } from '@holdfast/ports';
import { type StorageService } from '@holdfast/storage';
import type { ObjectCopy } from './copy-queue.ts';
import { infoOfLocation } from './info-of-location.ts';

export interface CopyFinderOptions {
  readonly registry: RegistryStore;
  readonly storage: StorageService;
}

/** Where an object is stored. */
export interface FoundCopies {
  /** In stores that are configured, the default store first. */
  readonly copies: readonly ObjectCopy[];
  /** In stores that are not. */
  readonly outOfReach: readonly ObjectLocation[];
}

/** Finds the copies of objects by their digests. */
export class CopyFinder {
  readonly #registry: RegistryStore;
  readonly #storage: StorageService;

  constructor({ registry, storage }: CopyFinderOptions) {
    this.#registry = registry;
    this.#storage = storage;
  }

  /**
   * The copies that the registry knows; where it knows none that can be reached, those that stores hold under the
   * digest.
   *
   * @throws StorageError `not-found` when there is none; `invalid-configuration` when the only ones are in stores that
   *   are not configured, or when the wanted store is not.
   */
  async find(
    info: ModelStorageInfo,
    options: Cancellable & { readonly store?: string | undefined },
  ): Promise<FoundCopies> {
    const { store } = options;
    if (store !== undefined) this.#storage.adapter(store);
    const known = await this.#registry.repositories.objects.findLocations(info.checksum);
    if (store !== undefined) {
      const wanted = known.filter(({ storeName }) => storeName === store);
      if (wanted.length === 0) throw notThere(info, store, known);
      return { copies: this.#copiesOf(info, wanted), outOfReach: [] };
    }
    const copies = this.#copiesOf(info, known);
    const outOfReach = known.filter(({ storeName }) => !this.#storage.storeNames.includes(storeName));
    if (copies.length > 0) return { copies, outOfReach };
    const unregistered = await this.#lookFor(info, options);
    if (unregistered.length === 0) throw nowhere(info, outOfReach, this.#storage);
    return { copies: this.#copiesOf(info, unregistered), outOfReach };
  }

  #copiesOf(info: ModelStorageInfo, locations: readonly ObjectLocation[]): readonly ObjectCopy[] {
    const { defaultStore, storeNames } = this.#storage;
    const order = [...new Set([defaultStore, ...storeNames])];
    return order.flatMap((name) =>
      locations
        .filter(({ storeName }) => storeName === name)
        .map((location) => ({
          location,
          info: infoOfLocation(this.#storage, { ...location, sizeBytes: info.sizeBytes }),
        })),
    );
  }

  async #lookFor(
    { checksum: digest, sizeBytes }: ModelStorageInfo,
    { signal }: Cancellable,
  ): Promise<readonly ObjectLocation[]> {
    const found: ObjectLocation[] = [];
    const key = contentKey(digest);
    for (const storeName of this.#storage.storeNames) {
      const adapter = this.#storage.adapter(storeName);
      const present = await adapter.head(key, { signal }).catch((error: unknown) => {
        throwIfCancelled(signal, { operation: 'load', backend: adapter.backend, key });
        if (StorageError.isInstance(error)) return undefined;
        throw error;
      });
      if (present === undefined) continue;
      found.push({ digest, storeName, key, sizeBytes, verifiedAt: present.lastModified, state: 'verified' });
    }
    return found;
  }
}

function notThere(info: ModelStorageInfo, store: string, known: readonly ObjectLocation[]): StorageError {
  const [first] = known;
  return failure(info, {
    code: 'not-found',
    message: `The object ${info.storagePath} has no copy in the store ${store}.`,
    hint:
      first === undefined
        ? 'Run holdfast verify: no copy of it is known.'
        : `It is stored in ${known.map(({ storeName }) => storeName).join(', ')}. Copy it: holdfast mirror ${first.storeName} ${store}`,
  });
}

function nowhere(
  info: ModelStorageInfo,
  outOfReach: readonly ObjectLocation[],
  { storeNames }: StorageService,
): StorageError {
  if (outOfReach.length === 0) {
    return failure(info, {
      code: 'not-found',
      message: `The registry knows no place of the object ${info.storagePath}, and no configured store holds it.`,
      hint: 'Put the same file again, or restore it from a backup.',
    });
  }
  const names = outOfReach.map(({ storeName }) => storeName).join(', ');
  return failure(info, {
    code: 'invalid-configuration',
    message: `The object ${info.storagePath} is stored in ${names}, which is not configured.`,
    hint: `Configure it again. Configured stores: ${storeNames.join(', ')}.`,
  });
}

function failure(
  { storageBackend, storagePath }: ModelStorageInfo,
  details: Pick<StorageErrorDetails, 'code' | 'message' | 'hint'>,
): StorageError {
  return new StorageError({ ...details, operation: 'load', backend: storageBackend, key: storagePath });
}
