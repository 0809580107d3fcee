import {
  type Digest,
  InvalidValueError,
  ModelStorageInfo,
  type ModelVersion,
  SerializationFormat,
  digestOfHex,
  isDigest,
} from '@holdfast/domain';
import { type Cancellable, type ObjectInfo, StorageError } from '@holdfast/ports';
import { type StorageService, contentKey, contentPrefix } from '@holdfast/storage';
import type { ObjectHold } from '../backup/object-hold.ts';
import {
  parseVersionManifest,
  versionManifestBeginning,
  versionManifestContentType,
} from '../version-manifest.ts';

/** A record of a version as it lies in a store. */
export interface FoundManifest {
  readonly storeName: string;
  readonly digest: Digest;
  readonly sizeBytes: number;
  /** The version, with the manifest as its own. */
  readonly version: ModelVersion;
}

/** A manifest that cannot be read. */
export interface UnreadableManifest {
  readonly storeName: string;
  readonly digest: Digest;
  readonly reason: string;
}

export interface FindManifestsOptions extends Cancellable {
  readonly storage: StorageService;
  readonly storeName: string;
  /** Keeps every object that is seen from being collected. */
  readonly hold: Pick<ObjectHold, 'hold'>;
  /** Told how many objects have been looked at. */
  readonly onProgress?: ((examinedObjects: number) => void) | undefined;
}

/** What some backends say of objects of which they know nothing. */
const untyped = 'application/octet-stream';

/** What a version's record holds is bounded, far below this; older ones have every tensor of a file in it. */
const longestManifestBytes = 268_435_456;

/**
 * Finds the manifests of a store by their content type, or by their first bytes where the store knows none:
 * a backend's listing may leave it out, and what was made anew from bytes alone has lost it.
 */
export async function* findManifests(
  options: FindManifestsOptions,
): AsyncIterable<FoundManifest | UnreadableManifest> {
  const { storage, storeName, signal, onProgress } = options;
  let examinedObjects = 0;
  for await (const { objects } of storage.adapter(storeName).list({ prefix: contentPrefix, signal })) {
    const digests = objects.map(({ key }) => digestOfKey(key));
    await options.hold.hold(digests.filter((digest) => digest !== undefined));
    for (const [index, info] of objects.entries()) {
      const digest = digests[index];
      if (digest === undefined) continue;
      const found = { storeName, digest };
      try {
        if (await isManifest(info, options))
          yield await readManifest({ ...found, sizeBytes: info.sizeBytes }, options);
      } catch (error) {
        const reason = whyUnreadable(error);
        if (reason === undefined) throw error;
        yield { ...found, reason };
      }
    }
    examinedObjects += objects.length;
    onProgress?.(examinedObjects);
  }
}

async function isManifest(
  { key, contentType, sizeBytes }: ObjectInfo,
  { storage, storeName, signal }: FindManifestsOptions,
): Promise<boolean> {
  if (sizeBytes < versionManifestBeginning.length || sizeBytes > longestManifestBytes) return false;
  if (contentType !== undefined && contentType !== untyped) return contentType === versionManifestContentType;
  const range = { offset: 0, length: versionManifestBeginning.length };
  const adapter = storage.adapter(storeName);
  await using reader = await adapter.get(key, adapter.capabilities.ranges ? { range, signal } : { signal });
  let beginning = '';
  for await (const chunk of reader?.body ?? []) {
    beginning += Buffer.from(chunk).toString('latin1');
    if (beginning.length >= range.length) break;
  }
  return beginning.startsWith(versionManifestBeginning);
}

/**
 * Reads a manifest, verified.
 *
 * @throws StorageError as a load does; InvalidValueError when it is no manifest of this layout.
 */
export async function readManifest(
  { storeName, digest, sizeBytes }: Omit<FoundManifest, 'version'>,
  { storage, signal }: Pick<FindManifestsOptions, 'storage' | 'signal'>,
): Promise<FoundManifest> {
  const info = ModelStorageInfo.of({
    storageBackend: storage.adapter(storeName).backend,
    storeName,
    storagePath: contentKey(digest),
    sizeBytes,
    checksum: digest,
    format: SerializationFormat.Json,
  });
  const version = parseVersionManifest(await storage.load(info, { signal }));
  return { storeName, digest, sizeBytes, version: { ...version, manifestDigest: digest, revision: 1 } };
}

function whyUnreadable(error: unknown): string | undefined {
  if (InvalidValueError.isInstance(error))
    return `it is no manifest that this program reads: ${error.message}`;
  const damages = ['checksum-mismatch', 'size-mismatch', 'corrupt', 'not-found'];
  return StorageError.isInstance(error) && damages.includes(error.code) ? error.message : undefined;
}

/** The digest that an object has by its key; `undefined` for what is not content-addressed. */
function digestOfKey(key: string): Digest | undefined {
  const hex = key.slice(key.lastIndexOf('/') + 1);
  if (!isDigest(`sha256:${hex}`)) return undefined;
  const digest = digestOfHex(hex);
  return contentKey(digest) === key ? digest : undefined;
}
