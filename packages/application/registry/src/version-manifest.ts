import { InvalidValueError, type ModelVersion } from '@holdfast/domain';
import { parseModelVersion } from './parse-model-version.ts';

/** The content type of version manifest objects. */
export const versionManifestContentType = 'application/vnd.holdfast.version+json';

/** The form of the manifest; readers refuse any other. */
export const versionManifestLayout = 'holdfast-version-1';

/** How every manifest begins, so that one is told from other objects by its first bytes. */
export const versionManifestBeginning: string = `{\n "layout": "${versionManifestLayout}"`;

/**
 * A version's record as it is published, printed for the store: what a lost registry can be made from again.
 * Later tags, status and aliases are not in it.
 */
export function printVersionManifest(version: ModelVersion): Uint8Array {
  return Buffer.from(`${JSON.stringify({ layout: versionManifestLayout, version }, undefined, 1)}\n`);
}

/**
 * Reads what {@link printVersionManifest} printed.
 *
 * @throws InvalidValueError when the bytes are no manifest of this layout.
 */
export function parseVersionManifest(bytes: Uint8Array): ModelVersion {
  const { layout, version } = parseJson(Buffer.from(bytes).toString('utf8'));
  if (layout === versionManifestLayout) return parseModelVersion(version);
  throw new InvalidValueError({
    field: 'layout',
    value: layout,
    reason: `is not ${versionManifestLayout}`,
  });
}

function parseJson(text: string): { readonly layout?: unknown; readonly version?: unknown } {
  try {
    return (JSON.parse(text) ?? {}) as { readonly layout?: unknown; readonly version?: unknown };
  } catch {
    return {};
  }
}
