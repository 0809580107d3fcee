import type { CloudDriver } from '@holdfast/adapter-kit';

/**
 * What Azure can do. It lists by UTF-16, accounts with hierarchical name spaces begin with `/`, and escapes sort elsewhere
 * than what they stand for: so listings are not declared sorted, and cannot begin after a key.
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
