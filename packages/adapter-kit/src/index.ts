export { assertOptions } from './assert-options.ts';
export { AbstractStorageAdapter, maximumPageSize } from './abstract-storage-adapter.ts';
export { checkKey, checkKeyPrefix } from './check-key.ts';
export { checkMetadata, maximumMetadataBytes } from './check-metadata.ts';
export { SupportGuard } from './check-support.ts';
export { CleanUps } from './requests/clean-ups.ts';
export { type RequestClock, systemClock } from './requests/request-clock.ts';
export type {
  CloudDriver,
  CopySource,
  FinishedParts,
  ListAnswer,
  ListedObject,
  ListRequest,
  ListUploadsRequest,
  OpenedObject,
  OpenOptions,
  OpenUpload,
  OpenUploads,
  PresignRequest,
  RequestOptions,
  StoredObject,
  Upload,
  UploadPart,
  WrittenObject,
} from './cloud/cloud-driver.ts';
export { type RequestFailure, RequestFailureError, storageErrorOf } from './requests/request-failure.ts';
export { CloudStorageAdapter, type CloudStorageAdapterOptions } from './cloud/cloud-storage-adapter.ts';
export {
  type CloudStorageConfiguration,
  type ResolvedCloudConfiguration,
  resolveCloudConfiguration,
} from './cloud/cloud-storage-configuration.ts';
export { type CutPart, cutIntoParts } from './requests/cut-into-parts.ts';
export { httpFailures, retryAfterMs } from './requests/http-failures.ts';
export { inconsistentAnswer } from './requests/inconsistent-answer.ts';
export { networkFailure } from './requests/network-failure.ts';
export { PartBuffers } from './requests/part-buffers.ts';
export type { PartLimits, TransferOptions } from './cloud/part-plan.ts';
export { redactSecrets } from './requests/redact-secrets.ts';
export {
  type AttemptHistory,
  RequestRunner,
  type RequestRunnerOptions,
  type RunOptions,
} from './requests/request-runner.ts';
export type { RequestSettings, TimeoutOptions } from './requests/request-settings.ts';
export type { RetryOptions } from './requests/retries.ts';
export { safeCause } from './requests/safe-cause.ts';
export { sendParts } from './requests/send-parts.ts';
export { SilenceError } from './requests/silence-error.ts';
export type { MetadataSpelling } from './cloud/stored-metadata.ts';
export { firstTextAfter, type KeyRange, keyRange } from './key-range.ts';
export { withServerWords } from './requests/with-server-words.ts';
export { withinTotal } from './requests/within-total.ts';
export { MeteredSource, type Measured } from './metered-source.ts';
export { FileLockManager, type FileLockManagerOptions } from './locks/file-lock-manager.ts';
export type { ReserveUse } from './sqlite/disk-reserve.ts';
export { createCopyFile, createDatabaseFile } from './sqlite/create-database-file.ts';
export { OperationGate } from './operation-gate.ts';
export {
  ownIdentity,
  parseIdentity,
  printIdentity,
  type ProcessIdentity,
  whyDead,
} from './process-identity.ts';
export { checkPageLimit } from './registry/check-page-limit.ts';
export { type CursorValues, parsePageCursor, printPageCursor } from './registry/page-cursor.ts';
export { RegistryErrors } from './registry/registry-errors.ts';
export { type UnitOfWork, UnitOfWorkScope } from './registry/unit-of-work-scope.ts';
export { checkRange, resolveRange, type ResolvedRange } from './resolve-range.ts';
export { BusyTimeoutError } from './sqlite/busy-timeout-error.ts';
export {
  chooseSqliteAccess,
  type SqliteAccess,
  type SqliteAccessOptions,
} from './sqlite/choose-sqlite-access.ts';
export { claimForHost, type ClaimOptions } from './sqlite/claim-for-host.ts';
export { findFolderMedium } from './sqlite/find-folder-medium.ts';
export { FolderMedium } from './sqlite/folder-medium.ts';
export { hostIdentity, type HostIdentity } from './sqlite/host-identity.ts';
export {
  openSqliteFile,
  type OpenedSqliteFile,
  type OpenSqliteFileOptions,
} from './sqlite/open-sqlite-file.ts';
export { type BusyOptions, retryWhileBusy } from './sqlite/retry-while-busy.ts';
export { SqliteFile, type SqliteFileOptions } from './sqlite/sqlite-file.ts';
export {
  type DiskFailure,
  diskFailureOf,
  SqliteResultCode,
  type SqliteResult,
  sqliteResultOf,
} from './sqlite/sqlite-result-code.ts';
