import { compareKeys } from '@holdfast/domain';
import type { FoundManifest, FoundTombstone, ManifestPlace } from './find-manifests.ts';

/** What is kept of a manifest while they are compared. */
export type ManifestOutline = ManifestPlace & {
  readonly id: string;
  readonly modelId: string;
  readonly modelName: string;
  readonly number: number;
  readonly createdAt: string;
};

/** A manifest that is not believed, and why. */
export interface RejectedManifest {
  readonly outline: ManifestOutline;
  readonly reason: string;
}

export function outlineOf({ version, ...place }: FoundManifest): ManifestOutline {
  const { id, modelId, modelName, number, createdAt } = version;
  return { ...place, id, modelId, modelName, number, createdAt };
}

/**
 * Each version's manifest once: that under its name, where it has both kinds or is in several stores. What has a tombstone
 * is left out.
 */
export function distinctManifests(
  outlines: readonly ManifestOutline[],
  tombstones: readonly FoundTombstone['tombstone'][],
): readonly ManifestOutline[] {
  const idOf = (id: string, name: string, number: number): string => `${id} ${name} ${number}`;
  const buried = new Set(tombstones.map(({ versionId, name, number }) => idOf(versionId, name, number)));
  const distinct = new Map<string, ManifestOutline>();
  for (const outline of outlines) {
    const { id, modelName, number, digest } = outline;
    if (buried.has(idOf(id, modelName, number))) continue;
    const known = distinct.get(id);
    if (known === undefined || (known.digest !== undefined && digest === undefined))
      distinct.set(id, outline);
  }
  return [...distinct.values()];
}

/**
 * Decides between manifests that cannot all be true: a model that was deleted and made anew, a publication that was
 * outrun and died before it tidied up. What is known to be true stands, else what was written last; the rest is told.
 */
export function chooseManifests(
  outlines: readonly ManifestOutline[],
  isKnown: (versionId: string) => boolean,
): { readonly chosen: readonly ManifestOutline[]; readonly rejected: readonly RejectedManifest[] } {
  const rejected: RejectedManifest[] = [];
  const chosen: ManifestOutline[] = [];
  for (const ofName of Map.groupBy(outlines, ({ modelName }) => modelName).values()) {
    const newestFirst = ofName.toSorted((a, b) => compareOutlines(b, a));
    const modelId = newestFirst[0]?.modelId;
    for (const outline of newestFirst.filter((one) => one.modelId !== modelId))
      rejected.push({ outline, reason: 'its model was removed, and another one has its name since' });
    const ofModel = newestFirst.filter((one) => one.modelId === modelId);
    for (const claims of Map.groupBy(ofModel, ({ number }) => number).values()) {
      const best = claims.find(({ id }) => isKnown(id)) ?? claims[0];
      if (best === undefined) continue;
      chosen.push(best);
      const reason = `another manifest that claims the same number was believed: ${best.key}`;
      for (const outline of claims) if (outline !== best) rejected.push({ outline, reason });
    }
  }
  return { chosen, rejected };
}

function compareOutlines(a: ManifestOutline, b: ManifestOutline): number {
  return compareKeys(a.createdAt, b.createdAt) || compareKeys(a.id, b.id);
}
