import {
  ArtifactKind,
  type CondemnOptions,
  type Digest,
  type Lease,
  type Model,
  ModelStorageInfo,
  type ModelVersion,
  type ObjectLocation,
  ScanVerdict,
  type UtcTimestamp,
  createModel,
  createReadyVersion,
  digestOfHex,
  utcTimestamp,
} from '@holdfast/domain';

const epochMs = Date.UTC(2026, 0, 1);

/** An id that sorts as its number does. */
export function sampleId(number: number): string {
  return `019b7a5e-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;
}

/** A digest that sorts as its number does. */
export function sampleDigest(number: number): Digest {
  return digestOfHex(number.toString(16).padStart(64, '0'));
}

/** A time that many seconds after a fixed one. */
export function sampleTime(seconds: number): UtcTimestamp {
  return utcTimestamp(epochMs + seconds * 1000);
}

/** What somebody condemns by, long before any lease lapses. */
export const sampleCondemning: CondemnOptions = { now: sampleTime(0), by: 'collector', storeNames: ['lake'] };

/** A new model; its number gives id, name and time. */
export function sampleModel(number: number, changes: Partial<Model> = {}): Model {
  const model = createModel({ id: sampleId(number), name: `model-${number}`, now: sampleTime(number) });
  return { ...model, ...changes };
}

/** A new version of a model that is ready. */
export function sampleVersion(
  model: Pick<Model, 'id' | 'name'>,
  number: number,
  changes: Partial<ModelVersion> = {},
): ModelVersion {
  const modelNumber = Number.parseInt(model.id.slice(-12), 16);
  const version = createReadyVersion({
    id: sampleId(1_000_000 + modelNumber * 10_000 + number),
    modelId: model.id,
    modelName: model.name,
    number,
    artifactKind: ArtifactKind.File,
    storage: sampleStorage(number),
    totalSizeBytes: 1_000 + number,
    fileCount: 1,
    metrics: {},
    parameters: {},
    lineage: [],
    verdict: ScanVerdict.Unscanned,
    tags: {},
    now: sampleTime(number),
  });
  return { ...version, ...changes };
}

/** Where the bytes of a digest would lie. */
export function sampleStorage(number: number): ModelStorageInfo {
  return ModelStorageInfo.memory({
    storagePath: `objects/sha256/00/${number}`,
    storeName: 'lake',
    format: 'onnx',
    sizeBytes: 1_000 + number,
    checksum: sampleDigest(number),
  });
}

/** A lease that lapses that many seconds after the fixed time. */
export function sampleLease(number: number, digest: Digest, expiresAtSeconds: number): Lease {
  return { id: sampleId(number), digest, expiresAt: sampleTime(expiresAtSeconds) };
}

/** A place where the bytes of a digest lie. */
export function sampleLocation(
  digest: Digest,
  storeName: string,
  changes: Partial<ObjectLocation> = {},
): ObjectLocation {
  const verifiedAt = sampleTime(0);
  return {
    digest,
    storeName,
    key: `objects/${storeName}`,
    sizeBytes: 7,
    verifiedAt,
    state: 'verified',
    ...changes,
  };
}
