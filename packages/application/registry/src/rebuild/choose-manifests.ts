import { compareKeys } from '@holdfast/domain';
import type { FoundManifest } from './find-manifests.ts';

/** What is kept of a manifest while they are compared. */
export type ManifestOutline = Pick<FoundManifest, 'storeName' | 'digest' | 'sizeBytes'> & {
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

export function outlineOf({ storeName, digest, sizeBytes, version }: FoundManifest): ManifestOutline {
  const { id, modelId, modelName, number, createdAt } = version;
  return { storeName, digest, sizeBytes, id, modelId, modelName, number, createdAt };
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
      const reason = `another manifest that claims the same number was believed: ${best.digest}`;
      for (const outline of claims) if (outline !== best) rejected.push({ outline, reason });
    }
  }
  return { chosen, rejected };
}

function compareOutlines(a: ManifestOutline, b: ManifestOutline): number {
  return compareKeys(a.createdAt, b.createdAt) || compareKeys(a.id, b.id);
}
