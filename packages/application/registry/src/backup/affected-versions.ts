import type { Digest, Repositories } from '@holdfast/domain';

/** The versions that need a digest, as `name:number`, sorted. */
export async function affectedVersions(
  { objects, versions }: Repositories,
  digest: Digest,
): Promise<readonly string[]> {
  const names: string[] = [];
  for (const id of await objects.findReferringVersions(digest)) {
    const version = await versions.findById(id);
    if (version !== undefined) names.push(`${version.modelName}:${version.number}`);
  }
  return names.toSorted();
}
