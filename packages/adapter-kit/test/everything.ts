import type { StorageCapabilities } from '@holdfast/ports';

/** What an adapter declares that can do everything, with objects of one byte. */
export const everything: StorageCapabilities = {
  createIfAbsent: true,
  replaceIfMatch: true,
  deleteIfMatch: true,
  conditionalCopy: true,
  lateKey: true,
  ranges: true,
  suffixRanges: true,
  userMetadata: true,
  contentType: true,
  versions: true,
  listOrder: 'bytewise',
  delimiters: true,
  startAfter: true,
  presignGet: true,
  presignPut: true,
  transactions: true,
  localPath: true,
  maximumSizeBytes: 1,
  maximumKeyBytes: 512,
};
