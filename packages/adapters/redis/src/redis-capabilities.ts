import { maximumKeyBytes } from '@holdfast/domain';
import type { StorageCapabilities } from '@holdfast/ports';

/** What Redis can do: everything but earlier versions, presigned requests and local paths. */
export function redisCapabilities(maximumSizeBytes: number): StorageCapabilities {
  return {
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
    maximumSizeBytes,
    maximumKeyBytes,
  };
}
