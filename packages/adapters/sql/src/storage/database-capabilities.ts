import { maximumKeyBytes } from '@holdfast/domain';
import type { StorageCapabilities } from '@holdfast/ports';

/** What {@link DatabaseStorageAdapter} can do: everything but earlier versions, presigned requests and local paths. */
export const databaseCapabilities: StorageCapabilities = Object.freeze({
  createIfAbsent: true,
  replaceIfMatch: true,
  deleteIfMatch: true,
  conditionalCopy: true,
  lateKey: true,
  ranges: true,
  suffixRanges: true,
  userMetadata: true,
  contentType: true,
  versions: false,
  listOrder: 'bytewise',
  delimiters: true,
  startAfter: true,
  presignGet: false,
  presignPut: false,
  transactions: true,
  localPath: false,
  maximumSizeBytes: 2 ** 44,
  maximumKeyBytes,
});
