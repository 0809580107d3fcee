import { type ModelVersion, VersionStatus } from '@holdfast/domain';
import type { MemoryTables } from './memory-tables.ts';

/** The versions of a model, in no order. */
export function versionsOf(tables: MemoryTables, modelId: string): readonly ModelVersion[] {
  return (tables.versionIds.get(modelId) ?? []).map((id) => tables.versions.get(id) as ModelVersion);
}

/** The ready or deprecated version with the greatest number. */
export function latestVersion(tables: MemoryTables, modelId: string): ModelVersion | undefined {
  let latest: ModelVersion | undefined;
  for (const version of versionsOf(tables, modelId)) {
    const isUsable = version.status === VersionStatus.Ready || version.status === VersionStatus.Deprecated;
    if (isUsable && (latest === undefined || version.number > latest.number)) latest = version;
  }
  return latest;
}
