export { BackupService, type BackupOptions, type BackupServiceOptions } from './backup/backup-service.ts';
export type { SkippedObject } from './backup/skipped-object.ts';
export type { BackupContents, BackupSummary } from './backup/backup-summary.ts';
export type { OpenBackup } from './backup/open-backup.ts';
export {
  RestoreService,
  type BackupSource,
  type RestoreOptions,
  type RestoreReport,
} from './backup/restore-service.ts';
export {
  CollectionService,
  type CollectOptions,
  type CollectionServiceOptions,
} from './collection-service.ts';
export type { CollectedItem } from './collected-item.ts';
export type { ChangedVerdict } from './change-state.ts';
export { compareVersions, type Difference, type VersionComparison } from './compare-versions.ts';
export type { DeletedVersions } from './delete-versions.ts';
export { CopyState, type CopyTrouble } from './copies/copy-trouble.ts';
export type { LoadCopyOptions } from './copies/object-copies.ts';
export {
  ExperimentTrackingService,
  type ExperimentTrackingServiceOptions,
  type RunDetails,
  type StartRunOptions,
} from './experiment-tracking-service.ts';
export type { LoggedMetric } from './with-steps.ts';
export { MirrorService, type MirrorServiceOptions, type MirrorServiceRunOptions } from './mirror-service.ts';
export {
  ModelManagementService,
  type ModelManagementServiceOptions,
  type VersionDetails,
} from './model-management-service.ts';
export type { MoveAliasOptions, MovedAlias } from './move-alias.ts';
export {
  ModelPersistenceService,
  type ModelPersistenceServiceOptions,
  type SavedVersion,
} from './model-persistence-service.ts';
export { type LocalPlaces, OwnPlaces } from './own-places.ts';
export { inspectionListContentType, type InspectionPage } from './read-inspection-list.ts';
export type { RebuildFinding, RebuiltRegistry } from './rebuild/rebuild-report.ts';
export { RegistryRebuildService, type RebuildOptions } from './rebuild/rebuild-service.ts';
export { isAbsentRegistry } from './registry-error.ts';
export { RetirementService, type RetirementServiceOptions } from './retirement/retirement-service.ts';
export type { RetireOptions } from './retirement/retire-options.ts';
export type { RetiredObject } from './retirement/retired-object.ts';
export type { SaveVersionOptions } from './save-version-options.ts';
export { StorePresence, type StorePresenceOptions } from './store-presence.ts';
export { TargetJournal, type RecoveredTarget, type TargetJournalOptions } from './target-journal.ts';
export { AdoptionService, type AdoptOptions, type AdoptedVersion } from './fence/adoption-service.ts';
export type { StoreSurvey, UnknownVersion } from './fence/find-unknown.ts';
export { claimKey, type ClaimDocument } from './fence/claim-document.ts';
export { StoreClaim, canFence, type ClaimReading, type StoreOwner } from './fence/store-claim.ts';
export { VerificationService, type VerificationServiceOptions } from './verification/verification-service.ts';
export {
  type Affected,
  type AffectedRecord,
  type AffectedVersion,
  type Repair,
  type VerifiedObject,
  VerifiedState,
} from './verification/verified-object.ts';
export type {
  VerificationBeginning,
  VerificationProgress,
  VerifyOptions,
} from './verification/verify-options.ts';
export { versionManifestContentType, versionManifestLayout } from './version-manifest.ts';
export type { WriteTreeOptions } from './write-tree.ts';
export { inflate } from '@holdfast/storage';
export type { InspectionLimits } from './inspection/inspect-in-worker.ts';
export { type InspectPathOptions, inspectPath } from './inspection/inspect-path.ts';
export { Inspector, type InspectorOptions, type InspectorRequest } from './inspection/inspector.ts';
