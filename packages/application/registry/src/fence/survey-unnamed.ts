import { InvalidValueError } from '@holdfast/domain';
import { type Digest, type ModelVersion, contentPrefix } from '@holdfast/domain';
import { type ObjectInfo, StorageError } from '@holdfast/ports';
import { contentEntryOf } from '../content-entry.ts';
import { readManifest } from '../rebuild/find-manifests.ts';
import { versionManifestBeginning } from '../version-manifest.ts';
import type { SurveyOptions } from './survey-manifests.ts';

/** A manifest of before there were manifests by name, stored as an object under its digest. */
export interface UnnamedManifest {
  readonly digest: Digest;
  readonly sizeBytes: number;
  readonly version: ModelVersion;
}

/**
 * The unreferenced objects that are manifests of versions this registry does not know. Such a version has no other
 * manifest, so its bytes would be taken for garbage.
 */
export async function* surveyUnnamed(options: SurveyOptions): AsyncIterable<UnnamedManifest | 'page'> {
  const { registry, storage, storeName, signal } = options;
  const { objects: ledger, manifests } = registry.repositories;
  for await (const { objects } of storage.adapter(storeName).list({ prefix: contentPrefix, signal })) {
    const byDigest = new Map(objects.flatMap((info) => contentEntryOf(info)));
    for (const { digest } of await ledger.findUnreferenced([...byDigest.keys()])) {
      const info = byDigest.get(digest);
      const version = info === undefined ? undefined : await versionIn(info, digest, options);
      if (info === undefined || version === undefined) continue;
      const [known] = await manifests.findKnown([version.id]);
      if (known === undefined) yield { digest, sizeBytes: info.sizeBytes, version };
    }
    yield 'page';
  }
}

/** What is no manifest by its first bytes, or cannot be read as one, belongs to no version. */
async function versionIn(
  info: ObjectInfo,
  digest: Digest,
  { storage, storeName, signal }: SurveyOptions,
): Promise<ModelVersion | undefined> {
  if (info.sizeBytes < versionManifestBeginning.length) return undefined;
  const adapter = storage.adapter(storeName);
  const range = { offset: 0, length: versionManifestBeginning.length };
  try {
    await using reader = await adapter.get(
      info.key,
      adapter.capabilities.ranges ? { range, signal } : { signal },
    );
    let beginning = '';
    for await (const chunk of reader?.body ?? []) {
      beginning += Buffer.from(chunk).toString('latin1');
      if (beginning.length >= range.length) break;
    }
    if (!beginning.startsWith(versionManifestBeginning)) return undefined;
    const place = { storeName, key: info.key, digest, sizeBytes: info.sizeBytes };
    return (await readManifest(place, { storage, signal })).version;
  } catch (error) {
    const damages = ['checksum-mismatch', 'size-mismatch', 'corrupt', 'not-found'];
    if (InvalidValueError.isInstance(error)) return undefined;
    if (StorageError.isInstance(error) && damages.includes(error.code)) return undefined;
    throw error;
  }
}
