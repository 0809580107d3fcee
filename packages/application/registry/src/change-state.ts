import {
  type ModelVersion,
  type Repositories,
  type ScanVerdict,
  type StateChangeOptions,
  type VersionStatus,
  canBeAliased,
  changeStatus,
  changeVerdict,
} from '@holdfast/domain';
import { assertNotAliased } from './assert-not-aliased.ts';
import { removeAliasesOf } from './move-alias.ts';

/** A version whose verdict was recorded. */
export interface ChangedVerdict {
  readonly version: ModelVersion;
  /** The aliases that pointed to it and may not any more. */
  readonly removedAliases: readonly string[];
  /** What a careful user should know. */
  readonly warnings: readonly string[];
}

/**
 * Saves a version under another status, inside a transaction.
 *
 * @throws InvalidValueError when that status cannot follow the present one.
 * @throws StorageError `permission-denied` when an alias points to the version and may not point to one of that status.
 */
export async function saveStatus(
  repositories: Repositories,
  version: ModelVersion,
  change: StateChangeOptions & { readonly status: VersionStatus },
): Promise<ModelVersion> {
  const changed = changeStatus(version, change.status, change);
  if (!canBeAliased(changed)) await assertNotAliased(repositories, version, change.status);
  return repositories.versions.save(changed);
}

/** Saves a version with another verdict, inside a transaction; where that quarantines it, its aliases are removed. */
export async function saveVerdict(
  repositories: Repositories,
  version: ModelVersion,
  change: StateChangeOptions & { readonly verdict: ScanVerdict },
): Promise<ChangedVerdict> {
  const changed = await repositories.versions.save(changeVerdict(version, change.verdict, change));
  const removedAliases = canBeAliased(changed) ? [] : await removeAliasesOf(repositories, changed, change);
  return { version: changed, removedAliases, warnings: removalWarnings(changed, removedAliases) };
}

function removalWarnings(
  { modelName, number, verdict }: ModelVersion,
  aliases: readonly string[],
): readonly string[] {
  return aliases.map(
    (alias) =>
      `${modelName}@${alias} was removed: ${modelName}:${number}, to which it pointed, is quarantined (${verdict}).`,
  );
}
