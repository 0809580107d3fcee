import { surveyManifests, type SurveyOptions, type SurveyedManifest } from './survey-manifests.ts';
import { type UnnamedManifest, surveyUnnamed } from './survey-unnamed.ts';

/** A version in a store that this registry does not know. */
export interface UnknownVersion {
  readonly storeName: string;
  readonly versionId: string;
  readonly name: string;
  readonly number: number;
  /** Its manifest by name, or the one of before there were names. */
  readonly manifest: SurveyedManifest | UnnamedManifest;
}

/** What a look at a whole store found. */
export interface StoreSurvey {
  readonly unknown: readonly UnknownVersion[];
  /** Every manifest and tombstone by name that this registry knows, or that is to be deleted. */
  readonly manifests: readonly SurveyedManifest[];
  /** Whether the look ended early, having seen as much as it was allowed to. */
  readonly isCut: boolean;
}

/**
 * Looks for the versions in a store that this registry does not know.
 *
 * @param options `areManifestsNamed` as the claim says: else every unreferenced object is looked into too. `limit` is the
 *   most manifests, or pages of objects, that are looked at.
 */
export async function findUnknown(
  options: SurveyOptions & {
    readonly areManifestsNamed: boolean;
    readonly limit?: number | undefined;
    /** Which of those that are known are to be told. @default none */
    readonly keeps?: (manifest: SurveyedManifest) => boolean;
  },
): Promise<StoreSurvey> {
  const { limit = Number.POSITIVE_INFINITY, keeps = () => false, storeName } = options;
  const unknown = new Map<string, UnknownVersion>();
  const manifests: SurveyedManifest[] = [];
  let seen = 0;
  for await (const manifest of surveyManifests(options)) {
    seen += 1;
    if (seen > limit) return { unknown: [...unknown.values()], manifests, isCut: true };
    const { versionId, name, number, standing } = manifest;
    if (standing === 'unknown') unknown.set(versionId, { storeName, versionId, name, number, manifest });
    else if (keeps(manifest)) manifests.push(manifest);
  }
  if (options.areManifestsNamed) return { unknown: [...unknown.values()], manifests, isCut: false };
  let pages = 0;
  for await (const found of surveyUnnamed(options)) {
    if (found === 'page') {
      pages += 1;
      if (pages * pageSize > limit) return { unknown: [...unknown.values()], manifests, isCut: true };
      continue;
    }
    const { id: versionId, modelName: name, number } = found.version;
    if (!unknown.has(versionId))
      unknown.set(versionId, { storeName, versionId, name, number, manifest: found });
  }
  return { unknown: [...unknown.values()], manifests, isCut: false };
}

/** Entries on a page of a listing. */
const pageSize = 1_000;
