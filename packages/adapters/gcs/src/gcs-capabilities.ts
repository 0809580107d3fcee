import type { CloudDriver } from '@holdfast/adapter-kit';

/** Largest object of Google Cloud Storage: https://docs.cloud.google.com/storage/quotas#objects */
const maximumSizeBytes = 5 * 2 ** 40;

/** What Google Cloud Storage can do; nobody signs for the anonymous. */
export function gcsCapabilities({
  versions,
  signs,
}: {
  readonly versions: boolean;
  readonly signs: boolean;
}): CloudDriver['capabilities'] {
  return {
    createIfAbsent: true,
    replaceIfMatch: true,
    deleteIfMatch: true,
    conditionalCopy: true,
    lateKey: false,
    ranges: true,
    suffixRanges: true,
    userMetadata: true,
    contentType: true,
    versions,
    listOrder: 'bytewise',
    delimiters: true,
    startAfter: true,
    presignGet: signs,
    presignPut: signs,
    transactions: false,
    localPath: false,
    maximumSizeBytes,
    maximumKeyBytes: 512,
  };
}
