import type { CloudDriver } from '@holdfast/adapter-kit';

/**
 * What Azure can do. Nothing that it promises tells how it orders letters beyond ASCII, and accounts with hierarchical
 * name spaces order `/` otherwise: so listings are not declared sorted, and cannot begin after a key.
 */
export function azureCapabilities({
  versions,
  presigning,
}: {
  readonly versions: boolean;
  /** Whether there is an account key, which alone signs for others. */
  readonly presigning: boolean;
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
    listOrder: 'none',
    delimiters: true,
    startAfter: false,
    presignGet: presigning,
    presignPut: presigning,
    transactions: false,
    localPath: false,
    maximumKeyBytes: 512,
  };
}
