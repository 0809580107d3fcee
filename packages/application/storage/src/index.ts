export { assertFree } from './assert-free.ts';
export { contentKey, contentPrefix } from './content-key.ts';
export { FileRangeSource } from './file-range-source.ts';
export { fileSource } from './file-source.ts';
export { ObjectRangeSource } from './object-range-source.ts';
export type { SaveOptions } from './save-options.ts';
export {
  StorageService,
  type LoadOptions,
  type SaveReceipt,
  type StorageServiceOptions,
} from './storage-service.ts';
export type { OnProgress, TransferProgress } from './transfer-progress.ts';
export { writeFileWhole, type WriteFileOptions } from './write-file-whole.ts';
