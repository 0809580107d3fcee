import type { ModelVersion, RegistryStore, StoredManifest } from '@holdfast/domain';
import type { Cancellable } from '@holdfast/ports';
import type { StorageService } from '@holdfast/storage';
import { ManifestStore, isStored } from './manifest-store.ts';

/** How many manifests are stored at once. */
const storedAtOnce = 16;

/**
 * Stores manifests by name for the versions of a store that have none: those of before there were any, and those of a
 * backup or a rebuild. Where another version's is, that one stays.
 */
export async function nameManifests(
  registry: RegistryStore,
  storage: StorageService,
  { storeName, signal }: Cancellable & { readonly storeName: string },
): Promise<void> {
  const { manifests, versions } = registry.repositories;
  const store = new ManifestStore(registry, storage);
  const ids = await manifests.listUnnamed();
  for (let start = 0; start < ids.length; start += storedAtOnce) {
    const found = await Promise.all(
      ids.slice(start, start + storedAtOnce).map((id) => versions.findById(id)),
    );
    const here = found.filter((version): version is ModelVersion => version?.storage.storeName === storeName);
    const outcomes = await Promise.all(here.map((version) => store.create(storeName, version, { signal })));
    const stored: readonly StoredManifest[] = outcomes.filter(isStored);
    if (stored.length > 0) await manifests.putStored(stored);
  }
}
