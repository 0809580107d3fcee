import {
  type Digest,
  type ModelVersion,
  type Repositories,
  utcTimestamp,
  versionOwner,
} from '@holdfast/domain';
import { assertNotAliased } from './assert-not-aliased.ts';

/** Versions that are gone, and the digests that they needed. */
export interface ReleasedVersions {
  readonly versions: readonly ModelVersion[];
  readonly digests: readonly Digest[];
}

/** Versions that are gone, and the digests whose bytes went with them. */
export interface DeletedVersions {
  readonly versions: readonly ModelVersion[];
  readonly reclaimed: readonly Digest[];
  /** Why bytes that nothing needs are still there. */
  readonly warnings: readonly string[];
}

/**
 * Removes versions inside a transaction.
 *
 * @throws StorageError `permission-denied` when an alias points to one of them.
 */
export async function deleteVersions(
  repositories: Repositories,
  versions: readonly ModelVersion[],
): Promise<ReleasedVersions> {
  const digests = new Set<Digest>();
  for (const version of versions) {
    await assertNotAliased(repositories, version, 'removed');
    for (const digest of await repositories.objects.findReferences(versionOwner(version.id)))
      digests.add(digest);
    await repositories.objects.deleteReferences(versionOwner(version.id));
    await repositories.versions.delete(version.id, version.revision);
    await noteRemoval(repositories, version);
  }
  return { versions, digests: [...digests] };
}

/** Its number, and that its manifest is to become a tombstone, outlive the version. */
async function noteRemoval(
  { manifests }: Repositories,
  { id, modelName, number }: ModelVersion,
): Promise<void> {
  if (await manifests.changeState(id, 'published', 'removing')) return;
  const leasedUntil = utcTimestamp(0);
  await manifests.reserve({ versionId: id, name: modelName, number, state: 'removing', leasedUntil });
}
