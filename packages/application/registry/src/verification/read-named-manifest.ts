import { InvalidValueError, type ModelVersion, type ObjectKey } from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';
import { readManifest } from '../rebuild/find-manifests.ts';
import type { ReadPublishedOptions } from './read-published-options.ts';

/** A manifest by name, as far as it can be read. */
export interface NamedManifest {
  /** The version as it was published; `undefined` where no manifest of it can be read now. */
  readonly published?: ModelVersion;
  /** Why one that was stored is not as it was. */
  readonly damage?: string;
}

const damages: readonly string[] = ['checksum-mismatch', 'size-mismatch', 'corrupt', 'not-found'];

/** Reads the manifest of a version that is stored under its name, from the first store that has it as it was. */
export async function readNamedManifest(
  versionId: string,
  { registry, storage, isGone, signal }: ReadPublishedOptions,
): Promise<NamedManifest> {
  let damage: string | undefined;
  for (const { storeName, key } of await registry.repositories.manifests.findStoredOf(versionId)) {
    if (!storage.storeNames.includes(storeName)) continue;
    try {
      const info = await storage.adapter(storeName).head(key as ObjectKey, { signal });
      if (info === undefined) {
        if (!(await isGone(storeName))) damage ??= `the store ${storeName} has no object ${key}`;
        continue;
      }
      const place = { storeName, key: info.key, sizeBytes: info.sizeBytes };
      const { version } = await readManifest(place, { storage, signal });
      if (version.id === versionId)
        return { published: version, ...(damage === undefined ? {} : { damage }) };
      damage ??= `the object ${key} in the store ${storeName} is of another version`;
    } catch (error) {
      if (StorageError.isInstance(error, 'cancelled')) throw error;
      const isDamage = StorageError.isInstance(error) && damages.includes(error.code);
      if (isDamage || InvalidValueError.isInstance(error)) damage ??= error.message;
      else if (!StorageError.isInstance(error)) throw error;
    }
  }
  return damage === undefined ? {} : { damage };
}
