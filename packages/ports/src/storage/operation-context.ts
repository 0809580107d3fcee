import type { StorageBackend } from '@holdfast/domain';

/** What an error about an operation names. */
export interface FailureContext {
  /** The method, such as `put`. */
  readonly operation: string;
  /** Absent where no single store or registry is at fault. */
  readonly backend?: StorageBackend | undefined;
  readonly key?: string | undefined;
  /** What people call the place, such as `bucket models`, where it has a name. */
  readonly place?: string | undefined;
}

/** The context of an operation of a store or registry. */
export interface OperationContext extends FailureContext {
  readonly backend: StorageBackend;
}
