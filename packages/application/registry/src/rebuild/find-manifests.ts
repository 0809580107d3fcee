import {
  type Digest,
  InvalidValueError,
  ModelStorageInfo,
  type ModelVersion,
  type ObjectKey,
  SerializationFormat,
  contentPrefix,
  digestOfContentKey,
} from '@holdfast/domain';
import { type Cancellable, type ObjectInfo, StorageError } from '@holdfast/ports';
import { type StorageService } from '@holdfast/storage';
import type { ObjectHold } from '../backup/object-hold.ts';
import { manifestPrefix, parseHeading, versionOfManifestKey } from '../fence/manifest-documents.ts';
import {
  parseVersionManifest,
  versionManifestBeginning,
  versionManifestContentType,
} from '../version-manifest.ts';

/** Where the record of a version is stored: under the version's name, or as an object under its digest. */
export interface ManifestPlace {
  readonly storeName: string;
  readonly key: ObjectKey;
  /** Of one that is stored under its digest. */
  readonly digest?: Digest | undefined;
  readonly sizeBytes: number;
}

/** A record of a version as it is stored. */
export interface FoundManifest extends ManifestPlace {
  /** The version, with the manifest as its own. */
  readonly version: ModelVersion;
}

/** That a version was removed. */
export interface FoundTombstone {
  readonly tombstone: { readonly versionId: string; readonly name: string; readonly number: number };
}

/** A manifest that cannot be read, or is not believed. */
export interface UnreadableManifest extends Pick<ManifestPlace, 'storeName' | 'key'> {
  readonly reason: string;
}

export interface FindManifestsOptions extends Cancellable {
  readonly storage: StorageService;
  readonly storeName: string;
  /** Keeps every object that is seen from being collected. */
  readonly hold: Pick<ObjectHold, 'hold'>;
  /** Whether what begins as a manifest is believed where the store does not say what it was stored as. */
  readonly mayTrustUntyped: boolean;
  /** Told how many objects have been looked at. */
  readonly onProgress?: ((examinedObjects: number) => void) | undefined;
}

/** What some backends say of objects of which they know nothing. */
const untyped = 'application/octet-stream';

/** What a version's record holds is bounded, far below this; older ones have every tensor of a file in it. */
const longestManifestBytes = 268_435_456;

/**
 * Finds the manifests and tombstones of a store: those under names, which only a registry writes, then those of before
 * there were names, and of stores that are not fenced, by the content type that they were stored with.
 */
export async function* findManifests(
  options: FindManifestsOptions,
): AsyncIterable<FoundManifest | FoundTombstone | UnreadableManifest> {
  yield* findNamed(options);
  const { storage, storeName, signal, onProgress } = options;
  let examinedObjects = 0;
  for await (const { objects } of storage.adapter(storeName).list({ prefix: contentPrefix, signal })) {
    const digests = objects.map(({ key }) => digestOfContentKey(key));
    await options.hold.hold(digests.filter((digest) => digest !== undefined));
    for (const [index, info] of objects.entries()) {
      const digest = digests[index];
      if (digest === undefined) continue;
      const place = { storeName, key: info.key, digest, sizeBytes: info.sizeBytes };
      const finding = await unlessUnreadable(place, async () => {
        const form = await formOf(info, options);
        if (form === 'manifest') return readManifest(place, options);
        return form === 'untyped' ? { ...place, reason: untypedReason } : undefined;
      });
      if (finding !== undefined) yield finding;
    }
    examinedObjects += objects.length;
    onProgress?.(examinedObjects);
  }
}

async function* findNamed(
  options: FindManifestsOptions,
): AsyncIterable<FoundManifest | FoundTombstone | UnreadableManifest> {
  const { storage, storeName, signal } = options;
  for await (const { objects } of storage.adapter(storeName).list({ prefix: manifestPrefix, signal })) {
    for (const { key, sizeBytes } of objects) {
      const named = versionOfManifestKey(key);
      if (named === undefined) continue;
      const place = { storeName, key, sizeBytes };
      const finding = await unlessUnreadable(place, async () => {
        const bytes = await readWhole(place, options);
        const { kind, versionId, name, number } = parseHeading(Buffer.from(bytes).toString('utf8'));
        if (name !== named.name || number !== named.number) return { ...place, reason: misplacedReason };
        if (kind === 'tombstone') return { tombstone: { versionId, name, number } };
        return { ...place, version: { ...withoutDigest(parseVersionManifest(bytes)), revision: 1 } };
      });
      if (finding !== undefined) yield finding;
    }
  }
}

const untypedReason =
  'it begins as a manifest, and its store does not say that it was stored as one; --trust-untyped believes it';
const misplacedReason = 'it says that it is the manifest of another version';

/** A version whose manifest has a name refers to no object that repeats it. */
function withoutDigest(found: ModelVersion): ModelVersion {
  const { manifestDigest: _, ...version } = found;
  return version;
}

async function unlessUnreadable<T>(
  { storeName, key }: ManifestPlace,
  read: () => Promise<T>,
): Promise<T | UnreadableManifest> {
  try {
    return await read();
  } catch (error) {
    const reason = whyUnreadable(error);
    if (reason === undefined) throw error;
    return { storeName, key, reason };
  }
}

/** Anybody's file may begin as a manifest does: what it was stored as decides, or the user's word. */
async function formOf(
  { key, contentType, sizeBytes }: ObjectInfo,
  { storage, storeName, mayTrustUntyped, signal }: FindManifestsOptions,
): Promise<'manifest' | 'untyped' | undefined> {
  if (sizeBytes < versionManifestBeginning.length || sizeBytes > longestManifestBytes) return undefined;
  if (isTyped(contentType)) return contentType === versionManifestContentType ? 'manifest' : undefined;
  const range = { offset: 0, length: versionManifestBeginning.length };
  const adapter = storage.adapter(storeName);
  await using reader = await adapter.get(key, adapter.capabilities.ranges ? { range, signal } : { signal });
  let beginning = '';
  for await (const chunk of reader?.body ?? []) {
    beginning += Buffer.from(chunk).toString('latin1');
    if (beginning.length >= range.length) break;
  }
  if (!beginning.startsWith(versionManifestBeginning)) return undefined;
  const { contentType: stored } = (await adapter.head(key, { signal })) ?? {};
  if (isTyped(stored)) return stored === versionManifestContentType ? 'manifest' : undefined;
  return mayTrustUntyped ? 'manifest' : 'untyped';
}

function isTyped(contentType: string | undefined): boolean {
  return contentType !== undefined && contentType !== untyped;
}

/**
 * Reads a manifest, verified.
 *
 * @throws StorageError as a load does; InvalidValueError when it is no manifest of this layout.
 */
export async function readManifest(
  place: ManifestPlace,
  options: Pick<FindManifestsOptions, 'storage' | 'signal'>,
): Promise<FoundManifest> {
  const version = parseVersionManifest(await readWhole(place, options));
  const { digest } = place;
  const own = digest === undefined ? withoutDigest(version) : { ...version, manifestDigest: digest };
  return { ...place, version: { ...own, revision: 1 } };
}

/** One under a name is held to the checksum that its store has, where there is one. */
async function readWhole(
  { storeName, key, digest, sizeBytes }: ManifestPlace,
  { storage, signal }: Pick<FindManifestsOptions, 'storage' | 'signal'>,
): Promise<Uint8Array> {
  const adapter = storage.adapter(storeName);
  const checksum = digest ?? (await adapter.head(key, { signal }))?.checksum;
  if (checksum !== undefined) {
    const info = ModelStorageInfo.of({
      storageBackend: adapter.backend,
      storeName,
      storagePath: key,
      sizeBytes,
      checksum,
      format: SerializationFormat.Json,
    });
    return storage.load(info, { signal });
  }
  await using reader = await adapter.get(key, { signal });
  const chunks: Buffer[] = [];
  for await (const chunk of reader?.body ?? []) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

function whyUnreadable(error: unknown): string | undefined {
  if (InvalidValueError.isInstance(error))
    return `it is not a manifest that this program can read: ${error.message}`;
  const damages = ['checksum-mismatch', 'size-mismatch', 'corrupt', 'not-found'];
  return StorageError.isInstance(error) && damages.includes(error.code) ? error.message : undefined;
}
