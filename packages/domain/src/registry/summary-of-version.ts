import type { VersionSummary } from './model-repository.ts';
import type { ModelVersion } from './model-version.ts';
import { versionWarnings } from './version-warnings.ts';

/** What a listing shows of a version. */
export function summaryOfVersion(version: ModelVersion): VersionSummary {
  const { id, number, status, verdict, artifactKind, totalSizeBytes, tags, createdAt, storage } = version;
  const warningCount = versionWarnings(version).length;
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
    ...(warningCount === 0 ? {} : { warningCount }),
  };
}
