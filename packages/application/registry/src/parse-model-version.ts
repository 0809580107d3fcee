import {
  ArtifactKind,
  type InspectionList,
  InvalidValueError,
  ModelStorageInfo,
  type ModelStorageInfoFields,
  type ModelVersion,
  ScanVerdict,
  VersionStatus,
  epochMsOf,
  parseDigest,
  parseModelName,
  parseTags,
} from '@holdfast/domain';
import type { Unchecked } from './unchecked.ts';

/**
 * Makes a version of what was printed of one, trusting nothing.
 *
 * @throws InvalidValueError naming the field that cannot be.
 */
export function parseModelVersion(value: unknown): ModelVersion {
  const version: Unchecked<ModelVersion> = recordOf(value, 'version');
  for (const field of ['id', 'modelId'] as const)
    check(typeof version[field] === 'string' && version[field] !== '', field, version[field]);
  parseModelName(String(version.modelName));
  for (const field of ['number', 'fileCount', 'totalSizeBytes', 'revision'] as const)
    check(isCount(version[field]), field, version[field]);
  check(version.number !== 0, 'number', version.number);
  check(
    Object.values<unknown>(ArtifactKind).includes(version.artifactKind),
    'artifactKind',
    version.artifactKind,
  );
  check(Object.values<unknown>(VersionStatus).includes(version.status), 'status', version.status);
  check(Object.values<unknown>(ScanVerdict).includes(version.verdict), 'verdict', version.verdict);
  epochMsOf(String(version.createdAt));
  epochMsOf(String(version.updatedAt));
  for (const field of ['metrics', 'parameters'] as const) recordOf(version[field], field);
  for (const field of ['lineage', 'history'] as const)
    check(Array.isArray(version[field]), field, version[field]);
  check([undefined, true].includes(version.executable as true), 'executable', version.executable);
  const storage = ModelStorageInfo.of(
    recordOf(version.storage, 'storage') as unknown as ModelStorageInfoFields,
  );
  const { manifestDigest } = version;
  if (manifestDigest !== undefined)
    parseDigest(JSON.stringify(manifestDigest).slice(1, -1), 'manifestDigest');
  if (version.inspectionList !== undefined) {
    const list: Unchecked<InspectionList> = recordOf(version.inspectionList, 'inspectionList');
    parseDigest(String(list.digest), 'inspectionList');
    check(isCount(list.sizeBytes), 'inspectionList', list);
  }
  const tags = parseTags(recordOf(version.tags, 'tags') as Record<string, string>);
  return { ...version, storage, tags } as ModelVersion;
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** @throws InvalidValueError when a value is no object. */
function recordOf(value: unknown, field: string): Readonly<Record<string, unknown>> {
  check(typeof value === 'object' && value !== null && !Array.isArray(value), field, value);
  return value as Readonly<Record<string, unknown>>;
}

function check(isRight: boolean, field: string, value: unknown): void {
  if (!isRight) throw new InvalidValueError({ field, value, reason: 'is not what a version has there' });
}
