import { type ObjectKey, utcTimestamp } from '@holdfast/domain';
import type { ObjectInfo, StorageCapabilities } from '@holdfast/ports';
import type { ListedObject } from './cloud-driver.ts';
import type { StoredMetadata } from './stored-metadata.ts';

/** What a server tells of an object, as callers see it: nothing that the store does not declare. */
export function objectInfoOf(
  key: ObjectKey,
  { sizeBytes, etag, version, contentType, ...object }: Omit<ListedObject, 'name'>,
  {
    capabilities,
    metadata: stored,
  }: { readonly capabilities: StorageCapabilities; readonly metadata: StoredMetadata },
): ObjectInfo {
  const kept = capabilities.userMetadata ? (object.metadata ?? {}) : {};
  const { metadata, checksum, writtenMs } = stored.decode(kept);
  return {
    key,
    sizeBytes,
    etag,
    ...(version === undefined || !capabilities.versions ? {} : { version }),
    ...(checksum === undefined ? {} : { checksum }),
    ...(contentType === undefined || !capabilities.contentType ? {} : { contentType }),
    metadata,
    lastModified: utcTimestamp(writtenMs ?? object.lastModifiedMs),
  };
}
