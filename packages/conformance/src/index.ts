export { CaseContext } from './storage/case-context.ts';
export { describeStorageAdapter } from './storage/describe-storage-adapter.ts';
export { runStorageCase } from './storage/run-storage-case.ts';
export type { StorageCapabilityName, StorageCase, StorageCaseGroup } from './storage/storage-case.ts';
export { storageCases, storageCasesFor } from './storage/storage-cases.ts';
export type { StorageHarness, StorageQuirk, StoreUnderTest } from './storage/storage-harness.ts';
