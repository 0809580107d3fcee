import { type Digest, InvalidValueError, type ModelVersion } from '@holdfast/domain';
import type { ByteRangeSource } from '@holdfast/formats';
import { StorageError } from '@holdfast/ports';
import { infoOfLocation } from '../copies/info-of-location.ts';
import { parseVersionManifest, versionManifestBeginning } from '../version-manifest.ts';
import { readNamedManifest } from './read-named-manifest.ts';
import type { ReadPublishedOptions } from './read-published-options.ts';

/** Far above what a manifest has. */
const longestManifestBytes = 268_435_456;

/**
 * A version as it was published, from the manifest beside its bytes or under its name; `undefined` where none can be
 * read.
 *
 * @param digests Where to look first: the manifest's digest, or everything that the version refers to.
 */
export async function readPublished(
  versionId: string,
  digests: readonly Digest[],
  options: ReadPublishedOptions,
): Promise<ModelVersion | undefined> {
  const { registry, storage, signal } = options;
  for (const digest of digests) {
    for (const location of await registry.repositories.objects.findLocations(digest)) {
      if (location.sizeBytes > longestManifestBytes || !storage.storeNames.includes(location.storeName))
        continue;
      try {
        const info = infoOfLocation(storage, location);
        if (digests.length > 1 && !(await beginsLikeManifest(storage.rangeSource(info, { signal })))) break;
        const published = parseVersionManifest(await storage.load(info, { signal }));
        if (published.id === versionId) return { ...published, manifestDigest: digest, revision: 1 };
      } catch (error) {
        const isUnreadable = StorageError.isInstance(error) && error.code !== 'cancelled';
        if (!isUnreadable && !InvalidValueError.isInstance(error)) throw error;
      }
    }
  }
  const { published } = await readNamedManifest(versionId, options);
  return published;
}

async function beginsLikeManifest(source: ByteRangeSource): Promise<boolean> {
  const beginning = await source.read(0, Math.min(versionManifestBeginning.length, source.sizeBytes));
  return Buffer.from(beginning).toString('latin1') === versionManifestBeginning;
}
