import { ModelStorageInfo, type ObjectLocation, SerializationFormat } from '@holdfast/domain';
import type { StorageService } from '@holdfast/storage';

/**
 * How storage is asked for what is stored at a location.
 *
 * @throws StorageError `invalid-configuration` when there is no such store.
 */
export function infoOfLocation(
  storage: StorageService,
  { digest, storeName, key, sizeBytes }: Pick<ObjectLocation, 'digest' | 'storeName' | 'key' | 'sizeBytes'>,
): ModelStorageInfo {
  return ModelStorageInfo.of({
    storageBackend: storage.adapter(storeName).backend,
    storeName,
    storagePath: key,
    sizeBytes,
    checksum: digest,
    format: SerializationFormat.Binary,
  });
}
