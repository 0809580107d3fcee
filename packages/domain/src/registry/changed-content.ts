import { type ModelVersion, type ModelVersionContent, VersionStatus } from './model-version.ts';

type FixedField = keyof ModelVersionContent | 'modelId' | 'modelName' | 'number' | 'createdAt';

const fixedFields: readonly FixedField[] = [
  'modelId',
  'modelName',
  'number',
  'createdAt',
  'artifactKind',
  'storage',
  'totalSizeBytes',
  'fileCount',
  'sourceName',
  'executable',
  'metrics',
  'parameters',
  'signature',
  'inspection',
  'inspectionList',
  'lineage',
  'manifestDigest',
];

/**
 * The names of the fields that are fixed once a version is ready and that differ between two states of it. A version
 * that is pending may change; one that is not never becomes pending again.
 */
export function changedContent(stored: ModelVersion, next: ModelVersion): readonly string[] {
  if (stored.status === VersionStatus.Pending) return [];
  const changed: string[] = fixedFields.filter((field) => !isSame(stored[field], next[field]));
  return next.status === VersionStatus.Pending ? [...changed, 'status'] : changed;
}

/** A version with everything that is fixed once it is ready as it was published. */
export function withPublishedContent(version: ModelVersion, published: ModelVersion): ModelVersion {
  const content = fixedFields
    .filter((field) => published[field] !== undefined)
    .map((field) => [field, published[field]] as const);
  return { ...version, ...Object.fromEntries(content) };
}

/** Whether two values print the same, whatever the order of their keys. */
function isSame(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right) || printSorted(left) === printSorted(right);
}

function printSorted(value: unknown): string | undefined {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
