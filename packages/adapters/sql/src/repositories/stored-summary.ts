import { ModelStorageInfo, type ModelSummary, type VersionSummary } from '@holdfast/domain';

/** A model's summary beside the model itself. */
export type StoredSummary = Omit<ModelSummary, 'model'>;

type StoredVersion = readonly [
  id: string,
  number: number,
  status: VersionSummary['status'],
  verdict: VersionSummary['verdict'],
  artifactKind: VersionSummary['artifactKind'],
  totalSizeBytes: number,
  tags: VersionSummary['tags'],
  createdAt: string,
  storage: StoredStorage,
  warningCount?: number,
];

type StoredStorage = readonly [
  storageBackend: ModelStorageInfo['storageBackend'],
  storagePath: string,
  format: ModelStorageInfo['format'],
  sizeBytes: number,
  checksum: string,
  others: Partial<ModelStorageInfo>,
];

type StoredFields = readonly [
  versionCount: number,
  aliases: readonly (readonly [name: string, number: number])[],
  latest?: StoredVersion,
];

/** Prints a summary for its column: by position, since names would be most of what a long listing reads. */
export function printStoredSummary(summary: StoredSummary): string {
  const { versionCount, aliases, latest } = summary;
  const pairs = aliases.map(({ name, number }) => [name, number] as const);
  const fields: StoredFields =
    latest === undefined ? [versionCount, pairs] : [versionCount, pairs, printVersion(latest)];
  return JSON.stringify(fields);
}

/** Builds the summary of what {@link printStoredSummary} wrote. */
export function buildStoredSummary(fields: unknown): StoredSummary {
  const [versionCount, pairs, latest] = fields as StoredFields;
  const aliases = pairs.map(([name, number]) => ({ name, number }));
  return latest === undefined
    ? { versionCount, aliases }
    : { versionCount, aliases, latest: buildVersion(latest) };
}

function printVersion(version: VersionSummary): StoredVersion {
  const { id, number, status, verdict, artifactKind, totalSizeBytes, tags, createdAt, storage } = version;
  const { warningCount } = version;
  const { storageBackend, storagePath, format, sizeBytes, checksum, ...others } = storage.toJSON();
  const stored: StoredStorage = [storageBackend, storagePath, format, sizeBytes, checksum, others];
  const fields = [
    id,
    number,
    status,
    verdict,
    artifactKind,
    totalSizeBytes,
    tags,
    createdAt,
    stored,
  ] as const;
  return warningCount === undefined ? fields : [...fields, warningCount];
}

function buildVersion(stored: StoredVersion): VersionSummary {
  const [id, number, status, verdict, artifactKind, totalSizeBytes, tags, createdAt, place, warnings] =
    stored;
  const [storageBackend, storagePath, format, sizeBytes, checksum, others] = place;
  const storage = ModelStorageInfo.of({
    storageBackend,
    storagePath,
    format,
    sizeBytes,
    checksum,
    ...others,
  });
  const warningCount = warnings === undefined ? {} : { warningCount: warnings };
  return {
    id,
    number,
    status,
    verdict,
    artifactKind,
    totalSizeBytes,
    tags,
    createdAt,
    storage,
    ...warningCount,
  };
}
