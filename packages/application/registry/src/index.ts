export { compareVersions, type Difference, type VersionComparison } from './compare-versions.ts';
export type { DeletedVersions } from './delete-versions.ts';
export {
  ModelManagementService,
  type ModelManagementServiceOptions,
  type MoveAliasOptions,
  type MovedAlias,
  type VersionDetails,
} from './model-management-service.ts';
export {
  ModelPersistenceService,
  type ModelPersistenceServiceOptions,
  type SaveVersionOptions,
  type SavedVersion,
} from './model-persistence-service.ts';
export { StoreClaim, claimKey, type StoreOwner } from './store-claim.ts';
export {
  VerificationService,
  type VerificationServiceOptions,
  type VerifiedObject,
  type VerifyOptions,
} from './verification-service.ts';
export { versionManifestContentType, versionManifestLayout } from './version-manifest.ts';
export type { WriteTreeOptions } from './write-tree.ts';
