import type { ModelVersion } from '@holdfast/domain';

/** One thing in which two versions differ; `undefined` where one has no such thing. */
export interface Difference {
  readonly field: string;
  readonly left: string | number | undefined;
  readonly right: string | number | undefined;
}

/** Two versions side by side. */
export interface VersionComparison {
  readonly left: string;
  readonly right: string;
  /** Whether both hold the same bytes. */
  readonly isSameContent: boolean;
  /** Sorted by field. */
  readonly differences: readonly Difference[];
}

/** What differs between two versions: content, format, size, status, metrics, parameters and tags. */
export function compareVersions(left: ModelVersion, right: ModelVersion): VersionComparison {
  const [a, b] = [comparable(left), comparable(right)];
  const fields = [...new Set([...Object.keys(a), ...Object.keys(b)])].toSorted();
  return {
    left: `${left.modelName}:${left.number}`,
    right: `${right.modelName}:${right.number}`,
    isSameContent: left.storage.checksum === right.storage.checksum,
    differences: fields
      .filter((field) => a[field] !== b[field])
      .map((field) => ({ field, left: a[field], right: b[field] })),
  };
}

function comparable(version: ModelVersion): Readonly<Record<string, string | number>> {
  return {
    digest: version.storage.checksum,
    format: version.storage.format,
    sizeBytes: version.totalSizeBytes,
    status: version.status,
    verdict: version.verdict,
    ...prefixed('metric', version.metrics),
    ...prefixed('parameter', version.parameters),
    ...prefixed('tag', version.tags),
  };
}

function prefixed<T>(kind: string, fields: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [`${kind} ${name}`, value]));
}
