import type { RegistryRecord } from '@holdfast/domain';
import type { Cancellable } from '@holdfast/ports';
import type { StorageService } from '@holdfast/storage';
import { manifestPrefix, versionOfManifestKey } from './manifest-documents.ts';

/** The greatest number of each name that a manifest or tombstone in some stores has: none of them is given out again. */
export async function countersInReach(
  storage: StorageService,
  storeNames: readonly string[],
  { signal }: Cancellable,
): Promise<readonly RegistryRecord[]> {
  const greatest = new Map<string, number>();
  for (const storeName of storeNames) {
    for await (const { objects } of storage.adapter(storeName).list({ prefix: manifestPrefix, signal })) {
      for (const { key } of objects) {
        const found = versionOfManifestKey(key);
        if (found === undefined) continue;
        greatest.set(found.name, Math.max(greatest.get(found.name) ?? 0, found.number));
      }
    }
  }
  return Array.from(greatest, ([name, last]) => ({ kind: 'counter', name, last }));
}
