import type { ModelStorageInfo } from '@holdfast/domain';

/** A saved object, and whether its bytes were stored already. */
export interface SaveReceipt {
  readonly info: ModelStorageInfo;
  readonly isDuplicate: boolean;
}
