import type { ModelVersion } from '@holdfast/domain';

/** The content type of version manifest objects. */
export const versionManifestContentType = 'application/vnd.holdfast.version+json';

/** The form of the manifest; readers refuse any other. */
export const versionManifestLayout = 'holdfast-version-1';

/**
 * A version's record as it is published, printed for the store: what a lost registry can be made from again.
 * Later tags, status and aliases are not in it.
 */
export function printVersionManifest(version: ModelVersion): Uint8Array {
  return Buffer.from(`${JSON.stringify({ layout: versionManifestLayout, version }, undefined, 1)}\n`);
}
