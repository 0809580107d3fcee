export { AbstractStorageAdapter, maximumPageSize } from './abstract-storage-adapter.ts';
export { checkKey, checkKeyPrefix } from './check-key.ts';
export { checkMetadata, maximumMetadataBytes } from './check-metadata.ts';
export { SupportGuard } from './check-support.ts';
export { MeteredSource, type Measured } from './metered-source.ts';
export { OperationGate } from './operation-gate.ts';
export { checkRange, resolveRange, type ResolvedRange } from './resolve-range.ts';
