import type { CloudDriver } from '@holdfast/adapter-kit';

/** What the artifact proxy of MLflow 3.17 can do: it looks at no condition and has no place for metadata. */
export const mlflowCapabilities: CloudDriver['capabilities'] = {
  createIfAbsent: false,
  replaceIfMatch: false,
  deleteIfMatch: false,
  conditionalCopy: false,
  lateKey: false,
  ranges: true,
  suffixRanges: true,
  userMetadata: false,
  contentType: false,
  versions: false,
  listOrder: 'bytewise',
  delimiters: true,
  startAfter: true,
  presignGet: false,
  presignPut: false,
  transactions: false,
  localPath: false,
  keysBelowKeys: false,
  maximumKeyBytes: 512,
};
