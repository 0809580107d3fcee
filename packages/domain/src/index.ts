export { InvalidValueError, type InvalidValueDetails } from './invalid-value-error.ts';
export type { JsonObject, JsonValue } from './json-value.ts';
export { epochMsOf, utcTimestamp, type UtcTimestamp } from './utc-timestamp.ts';

export { digestHex, digestOfHex, isDigest, parseDigest, shortDigest, type Digest } from './storage/digest.ts';
export { ModelStorageInfo, type ModelStorageInfoFields } from './storage/model-storage-info.ts';
export {
  compareKeys,
  maximumKeyBytes,
  maximumKeySegments,
  parseObjectKey,
  utf8Length,
  whyNotKeyPrefix,
  whyNotObjectKey,
  type ObjectKey,
} from './storage/object-key.ts';
export { isReservedKey, parseUserKey } from './storage/reserved-key.ts';
export {
  SerializationFormat,
  directoryFormats,
  isSerializationFormat,
  parseSerializationFormat,
  pickleFamily,
  type ForeignSerializationFormat,
  type KnownSerializationFormat,
} from './storage/serialization-format.ts';
export {
  StorageBackend,
  isStorageBackend,
  parseStorageBackend,
  type ForeignStorageBackend,
  type KnownStorageBackend,
} from './storage/storage-backend.ts';
export { contentKey, contentPrefix, digestOfContentKey } from './storage/content-key.ts';
export { parseStorageUri, printStorageUri, type ParseStorageUriOptions } from './storage/storage-uri.ts';
export { StorageUriSchemes } from './storage/storage-uri-schemes.ts';
export { whyNotWindowsName } from './storage/windows-name.ts';

export type { AliasChange, AliasRepository } from './registry/alias-repository.ts';
export { parseAliasName } from './registry/alias-name.ts';
export { assertCanBeAliased, canBeAliased, type Alias, type AliasMove } from './registry/alias.ts';
export { LineageRelation, type LineageEdge, type LineageNode } from './registry/lineage.ts';
export { parseActor } from './registry/actor.ts';
export { changedContent, withPublishedContent } from './registry/changed-content.ts';
export type {
  ManifestLedger,
  ReservationState,
  StoredManifest,
  VersionReservation,
} from './registry/manifest-ledger.ts';
export { maximumNameLength, parseModelName } from './registry/model-name.ts';
export {
  parseModelReference,
  parseVersionNumber,
  printModelReference,
  type ModelReference,
} from './registry/model-reference.ts';
export type {
  ModelFilter,
  ModelOrderField,
  ModelRepository,
  ModelSummary,
  VersionSummary,
} from './registry/model-repository.ts';
export type { ModelSignature, TensorSpecification } from './registry/model-signature.ts';
export type {
  ModelVersionFilter,
  ModelVersionOrderField,
  ModelVersionRepository,
} from './registry/model-version-repository.ts';
export {
  ArtifactKind,
  VersionStatus,
  changeStatus,
  changeTags,
  changeVerdict,
  assertFitsRecord,
  createReadyVersion,
  type InspectionList,
  type ModelVersion,
  type ModelVersionContent,
  type NewModelVersion,
  type StateChange,
  type StateChangeOptions,
  type VersionChange,
} from './registry/model-version.ts';
export { changeModelTags, createModel, type Entity, type Model, type NewModel } from './registry/model.ts';
export type {
  CondemnOptions,
  Condemnation,
  LocationQuery,
  LocationTotals,
  ObjectLedger,
  UnreferencedObject,
} from './registry/object-ledger.ts';
export { createExperiment, experiments, type Experiment, type NewExperiment } from './registry/experiment.ts';
export {
  recordDescriptor,
  recordDescriptors,
  seriesDescriptor,
  seriesDescriptors,
} from './registry/records/all-descriptors.ts';
export { archivedPoint, unarchivedPoints } from './registry/records/archived-points.ts';
export {
  Rank,
  compareRanked,
  longestIndexedTextBytes,
  numberOfRank,
  rankedNumber,
  type FieldType,
  type FieldValue,
  type RankedValue,
} from './registry/records/ranked-value.ts';
export type { StoredContent } from './registry/records/read-fields.ts';
export type { RecordCollection, RecordCollections } from './registry/records/record-collection.ts';
export type {
  AnyRecordDescriptor,
  ArchivedRecord,
  EntityOrderField,
  RecordDescriptor,
  RecordDocument,
  RecordField,
} from './registry/records/record-descriptor.ts';
export { decodeRecord, decodeValue, encodeRecord, encodeValue } from './registry/records/record-document.ts';
export {
  meetsCondition,
  rankedConditions,
  rankedField,
  type FieldCondition,
  type RankedCondition,
  type RecordFilter,
} from './registry/records/record-filter.ts';
export {
  parseReferenceOwner,
  printReferenceOwner,
  versionOwner,
  type ReferenceOwner,
} from './registry/records/reference-owner.ts';
export type {
  AnySeriesDescriptor,
  BestQuery,
  KeyedPoint,
  RankedOwner,
  SeriesCollection,
  SeriesCollections,
  SeriesDescriptor,
  SeriesPoint,
  SeriesQuery,
  SeriesSummary,
} from './registry/records/series-collection.ts';
export { parsePoints, summarizePoints, type GrowingSummary } from './registry/records/summarize-points.ts';
export {
  TrainingRunRepository,
  type BestRunQuery,
  type RankedRun,
  type RunsQuery,
} from './registry/training-run-repository.ts';
export {
  RunStatus,
  addArtifact,
  assertRunning,
  createTrainingRun,
  endTrainingRun,
  runMetrics,
  setParameters,
  trainingRuns,
  type NewTrainingRun,
  type RunArtifact,
  type TrainingRun,
} from './registry/training-run.ts';
export {
  archivedPointsAtOnce,
  heldLeaseId,
  registryRecordKinds,
  type ArchivedPoint,
  type ArchiveQuery,
  type NeededObject,
  type RegistryArchive,
  type RegistryRecord,
  type RegistryRecordKind,
} from './registry/registry-archive.ts';
export type {
  NextGeneration,
  PendingDeletion,
  RegistryFence,
  RegistryGeneration,
} from './registry/registry-fence.ts';
export type { DamagedRecord, RegistryStore, Repositories } from './registry/registry-store.ts';
export type { Page, Repository, RepositoryQuery } from './registry/repository.ts';
export { summaryOfVersion } from './registry/summary-of-version.ts';
export { versionWarnings } from './registry/version-warnings.ts';
export { ScanVerdict, isQuarantined, whyCodeMayHide } from './registry/scan-verdict.ts';
export type { Lease, ObjectLocation, StoreRetirement } from './registry/stored-object.ts';
export {
  maximumTagValueLength,
  mostTagChanges,
  parseTags,
  type ChangeOptions,
  type TagChange,
  type Tags,
} from './registry/tags.ts';
export {
  createTreeManifest,
  parseTreeManifest,
  printTreeManifest,
  treeManifestContentType,
  treeManifestLayout,
  type TreeEntry,
  type TreeManifest,
} from './registry/tree-manifest.ts';

export type { FaultType, FaultTypeDeclaration } from './signals/fault-type.ts';
export { FaultTypeCatalog } from './signals/fault-type-catalog.ts';
