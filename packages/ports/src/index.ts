export type { AcquireOptions, Lock, LockManager } from './locks/lock-manager.ts';
export { assertByteSource } from './storage/assert-byte-source.ts';
export type { ByteSource, ReopenableSource } from './storage/byte-source.ts';
export type { ObjectInfo, ObjectReader } from './storage/object-info.ts';
export type {
  ByteRange,
  Cancellable,
  CheckOptions,
  CopyOptions,
  DeleteOptions,
  DeleteResult,
  DeleteTarget,
  GetOptions,
  HeadOptions,
  LateKey,
  ListOptions,
  PresignOptions,
  PresignedRequest,
  PutOptions,
  WriteMode,
} from './storage/operation-options.ts';
export type { FailureContext, OperationContext } from './storage/operation-context.ts';
export { isReopenable, knownSizeBytes, readSource } from './storage/read-source.ts';
export type { ListPage, StorageAdapter } from './storage/storage-adapter.ts';
export type { StorageCapabilities, StorageCondition } from './storage/storage-capabilities.ts';
export type { StorageSpace } from './storage/storage-space.ts';
export {
  StorageError,
  StorageErrorCode,
  type RetryAdvice,
  type StorageErrorDetails,
} from './storage/storage-error.ts';
export type {
  CollectLeftoversOptions,
  Leftover,
  LeftoverReport,
  RebuildReport,
  RecordDamage,
  StoreMaintenance,
} from './storage/store-maintenance.ts';
export type { TransactionOperation, TransactionOptions } from './storage/transaction-operation.ts';
export { cancelled, throwIfCancelled } from './storage/throw-if-cancelled.ts';
export { orCancelled, untilCancelled } from './storage/until-cancelled.ts';
export { type RetryNotice, retryChannelName } from './storage/retry-notice.ts';
