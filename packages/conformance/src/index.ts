export { failureOf } from './failure-of.ts';
export { describeLockManager, runLockCase } from './locks/describe-lock-manager.ts';
export { type LockCase, type LockCaseContext, lockCases } from './locks/lock-cases.ts';
export type { LockHarness, LocksUnderTest } from './locks/lock-harness.ts';
export { describeBadNetwork } from './network/describe-bad-network.ts';
export type {
  FaultyNetwork,
  NetworkFault,
  NetworkHarness,
  StoreBehindNetwork,
} from './network/network-harness.ts';
export { CaseContext } from './storage/case-context.ts';
export { describeStorageAdapter } from './storage/describe-storage-adapter.ts';
export { expectFailureAsKnown } from './storage/expect-failure-as-known.ts';
export { quirksOf } from './storage/quirks-of.ts';
export { runStorageCase } from './storage/run-storage-case.ts';
export {
  isCondition,
  type StorageCapabilityName,
  type StorageCase,
  type StorageCaseGroup,
} from './storage/storage-case.ts';
export { storageCaseNamed, storageCases, storageCasesFor } from './storage/storage-cases.ts';
export type { StorageDeclaration } from './storage/storage-declaration.ts';
export { undeclaredCapabilities } from './storage/undeclared-capabilities.ts';
export type { StorageHarness, StorageQuirk, StoreUnderTest } from './storage/storage-harness.ts';
export {
  describeAliasRepository,
  describeModelRepository,
  describeModelVersionRepository,
  describeObjectLedger,
  describeRecordCollection,
  describeRegistryStore,
  describeSeriesCollection,
  describeUnitOfWork,
} from './registry/describe-registry-store.ts';
export { RegistryCaseContext } from './registry/registry-case-context.ts';
export type { RegistryCase, RegistryCaseGroup } from './registry/registry-case.ts';
export { registryCases, registryCasesFor } from './registry/registry-cases.ts';
export type { RegistryHarness, RegistryUnderTest } from './registry/registry-harness.ts';
export { runRegistryCase } from './registry/run-registry-case.ts';
export {
  breakRegistryStore,
  type RegistryStoreBreakage,
  type RepositoriesBreakage,
} from './registry/break-registry-store.ts';
export { sampleRecord, sampleRecords, type SampleRecord } from './registry/sample-collection.ts';
export { failingRegistryCases } from './registry/failing-registry-cases.ts';
