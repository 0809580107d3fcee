import type { StorageBackend } from '@holdfast/domain';

/** What an error about an operation names. */
export interface OperationContext {
  /** The method, such as `put`. */
  readonly operation: string;
  readonly backend: StorageBackend;
  readonly key?: string | undefined;
}
