import type {
  Digest,
  InspectionList,
  JsonObject,
  ModelSignature,
  ModelStorageInfo,
  ScanVerdict,
  ArtifactKind,
} from '@holdfast/domain';

/** Bytes that are in a store, inspected, and not yet a version. */
export interface Artifact {
  readonly kind: ArtifactKind;
  /** The file, or the manifest of a tree. */
  readonly storage: ModelStorageInfo;
  readonly totalSizeBytes: number;
  readonly fileCount: number;
  readonly inspection: JsonObject;
  /** One of the objects, where the inspection was cut. */
  readonly inspectionList?: InspectionList;
  readonly signature: ModelSignature | undefined;
  readonly verdict: ScanVerdict;
  /** Whether the owner of the file may execute it. */
  readonly isExecutable?: boolean;
  /** What the folder has and its version has not: stores, registries and `.git`. */
  readonly leftOut?: readonly string[];
  /** Every object that it needs. */
  readonly objects: readonly StoredContent[];
}

/** One object that a version needs. */
export interface StoredContent {
  readonly digest: Digest;
  readonly storeName: string;
  readonly key: string;
  readonly sizeBytes: number;
}
