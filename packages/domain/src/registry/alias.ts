import { InvalidValueError } from '../invalid-value-error.ts';
import type { UtcTimestamp } from '../utc-timestamp.ts';
import { VersionStatus, type ModelVersion } from './model-version.ts';
import { isQuarantined } from './scan-verdict.ts';

/** A word that points to one version of a model and moves by compare-and-set. */
export interface Alias {
  readonly modelId: string;
  readonly name: string;
  /** The version that it points to. */
  readonly number: number;
  /** Counts its moves; a move that names an older revision is refused. */
  readonly revision: number;
  readonly updatedAt: UtcTimestamp;
}

/** One move of an alias. */
export interface AliasMove {
  readonly modelId: string;
  readonly name: string;
  /** `undefined` when it was made. */
  readonly from?: number;
  /** `undefined` when it was removed. */
  readonly to?: number;
  readonly at: UtcTimestamp;
  /** Who moved it, as far as it is known. */
  readonly by?: string;
}

/**
 * Checks that an alias may point to a version: not one that is pending, failed, archived or quarantined.
 *
 * @throws InvalidValueError saying why not.
 */
export function assertCanBeAliased(version: ModelVersion): void {
  const reason = whyNotAliased(version);
  if (reason === undefined) return;
  throw new InvalidValueError({ field: 'version', value: `${version.modelName}:${version.number}`, reason });
}

/** Whether an alias may point to a version, as {@link assertCanBeAliased} checks. */
export function canBeAliased(version: Pick<ModelVersion, 'status' | 'verdict'>): boolean {
  return whyNotAliased(version) === undefined;
}

function whyNotAliased(version: Pick<ModelVersion, 'status' | 'verdict'>): string | undefined {
  const unusable: readonly VersionStatus[] = [
    VersionStatus.Pending,
    VersionStatus.Failed,
    VersionStatus.Archived,
  ];
  if (unusable.includes(version.status)) return `is ${version.status}, so no alias can point to it`;
  if (isQuarantined(version.verdict))
    return `is quarantined (${version.verdict}), so no alias can point to it`;
  return undefined;
}
