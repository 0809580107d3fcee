import type { StorageBackend } from '@holdfast/domain';

/** What an error about an operation names. */
export interface OperationContext {
  /** The method, such as `put`. */
  readonly operation: string;
  readonly backend: StorageBackend;
  readonly key?: string | undefined;
  /** What people call the place, such as `bucket models`, where it has a name. */
  readonly place?: string | undefined;
}
