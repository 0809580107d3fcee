import type { CloudDriver } from '@holdfast/adapter-kit';

/** What S3 can do. A key that is known when the bytes are would need a second object and a copy: not cheap, so not declared. */
export function s3Capabilities({ versions }: { readonly versions: boolean }): CloudDriver['capabilities'] {
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
    presignGet: true,
    presignPut: true,
    transactions: false,
    localPath: false,
    etagsNameStates: false,
    maximumKeyBytes: 512,
  };
}
