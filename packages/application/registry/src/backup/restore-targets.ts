import { ModelStorageInfo, type ModelVersion, type ObjectKey, contentKey } from '@holdfast/domain';
import { type StorageService } from '@holdfast/storage';
import { backupError } from './backup-error.ts';
import type { BackupObject } from './backup-object.ts';

/** Where the objects of a backup go: into the stores of their names, or all into one. */
export class RestoreTargets {
  readonly #storage: StorageService;
  readonly #store: string | undefined;

  /** @throws StorageError `invalid-configuration` when there is no such store. */
  constructor(storage: StorageService, store: string | undefined) {
    this.#storage = storage;
    this.#store = store;
    if (store !== undefined) storage.adapter(store);
  }

  /**
   * The stores of an object.
   *
   * @throws StorageError `invalid-configuration` when one of them is not configured.
   */
  storesOf({ locations }: Pick<BackupObject, 'locations'>): readonly string[] {
    if (this.#store !== undefined) return [this.#store];
    const names = locations.map(({ storeName }) => storeName);
    for (const name of names) this.#assertConfigured(name);
    return names.length === 0 ? [this.#storage.defaultStore] : names;
  }

  /** The key of an object in a store; every store has it under its digest. */
  keyOf({ digest }: Pick<BackupObject, 'digest'>): ObjectKey {
    return contentKey(digest);
  }

  /** A version as it is when its bytes lie where they go. What only the old backend knew of them is left out. */
  relocate(version: ModelVersion): ModelVersion {
    const { storageBackend: before, version: _, ...fields } = version.storage.toJSON();
    const storeName = this.#store ?? fields.storeName ?? this.#storage.defaultStore;
    this.#assertConfigured(storeName);
    const { backend } = this.#storage.adapter(storeName);
    if (backend === before && storeName === fields.storeName) return version;
    return { ...version, storage: ModelStorageInfo.of({ ...fields, storageBackend: backend, storeName }) };
  }

  #assertConfigured(name: string): void {
    if (this.#storage.storeNames.includes(name)) return;
    throw backupError(
      'invalid-configuration',
      `The objects lay in the store ${name}, which is not configured. There is ${this.#storage.storeNames.join(', ')}.`,
      { hint: 'Configure a store of this name, or say with --store into which one everything goes.' },
    );
  }
}
