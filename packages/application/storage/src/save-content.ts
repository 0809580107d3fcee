import { type Digest, type ObjectKey, contentKey } from '@holdfast/domain';
import {
  type ByteSource,
  type ObjectInfo,
  type StorageAdapter,
  StorageError,
  isReopenable,
  knownSizeBytes,
} from '@holdfast/ports';
import { type HashedSource, hashSource } from './hashed-source.ts';
import { putOptions } from './put-options.ts';
import type { SaveOptions } from './save-options.ts';
import { WatchedSource } from './watched-source.ts';

/** What became of a save. */
export interface SavedContent {
  readonly info: ObjectInfo;
  readonly digest: Digest;
  /** Whether the bytes were there already, so that none were written. */
  readonly isDuplicate: boolean;
}

export interface SaveContentOptions extends SaveOptions {
  readonly spoolFolder: string;
}

/**
 * Stores bytes under their digest, once: bytes that are there already are not written again,
 * unless what is there is damaged, which this repairs.
 */
export async function saveContent(
  adapter: StorageAdapter,
  data: ByteSource,
  options: SaveContentOptions,
): Promise<SavedContent> {
  return adapter.capabilities.lateKey
    ? saveInOnePass(adapter, data, options)
    : saveHashed(adapter, data, options);
}

/** The bytes pass once: their key is asked for when they are written and not yet visible. */
async function saveInOnePass(
  adapter: StorageAdapter,
  data: ByteSource,
  options: SaveContentOptions,
): Promise<SavedContent> {
  let present: ObjectInfo | undefined;
  let seen: Digest | undefined;
  const lateKey = async (digest: Digest, sizeBytes: number): Promise<ObjectKey> => {
    seen = digest;
    await options.onDigest?.(digest);
    present = await findIntact(adapter, { digest, sizeBytes }, options);
    if (present !== undefined)
      throw new StorageError({ code: 'already-exists', operation: 'save', backend: adapter.backend });
    return contentKey(digest);
  };
  const watched = new WatchedSource(data);
  try {
    const info = await watched.during(() => adapter.put(lateKey, watched.source, putOptions(data, options)));
    return { info, digest: seen as unknown as Digest, isDuplicate: false };
  } catch (error) {
    if (present === undefined || seen === undefined) throw error;
    return { info: present, digest: seen, isDuplicate: true };
  }
}

/** The digest is learnt first; nothing is sent when the object is there. */
async function saveHashed(
  adapter: StorageAdapter,
  data: ByteSource,
  options: SaveContentOptions,
): Promise<SavedContent> {
  await using hashed = await hashSource(data, { ...options, backend: adapter.backend });
  const { digest, sizeBytes } = hashed;
  assertAnnounced(hashed, { ...options, sizeBytes: options.sizeBytes ?? knownSizeBytes(data) }, adapter);
  await options.onDigest?.(digest);
  const present = await findIntact(adapter, { digest, sizeBytes }, options);
  if (present !== undefined) return { info: present, digest, isDuplicate: true };
  const put = putOptions(hashed.source, { ...options, checksum: digest, sizeBytes });
  const send = (source: ByteSource): Promise<ObjectInfo> => adapter.put(contentKey(digest), source, put);
  if (!isReopenable(data)) return { info: await send(hashed.source), digest, isDuplicate: false };
  const watched = new WatchedSource(data);
  return { info: await watched.during(() => send(watched.source)), digest, isDuplicate: false };
}

/** @throws StorageError `size-mismatch` or `checksum-mismatch` when the bytes are not the announced ones. */
function assertAnnounced(
  hashed: HashedSource,
  announced: { readonly sizeBytes?: number | undefined; readonly checksum?: Digest | undefined },
  { backend }: StorageAdapter,
): void {
  const { sizeBytes = hashed.sizeBytes, checksum = hashed.digest } = announced;
  if (sizeBytes === hashed.sizeBytes && checksum === hashed.digest) return;
  const isOtherSize = sizeBytes !== hashed.sizeBytes;
  throw new StorageError({
    code: isOtherSize ? 'size-mismatch' : 'checksum-mismatch',
    operation: 'save',
    backend,
    message: isOtherSize
      ? `The source announced ${sizeBytes} bytes and gave ${hashed.sizeBytes}; nothing was written.`
      : `The bytes hash to ${hashed.digest}, not to the announced ${checksum}; nothing was written.`,
  });
}

/** The object of a digest, when it is there and, as far as the backend can tell cheaply, undamaged. */
async function findIntact(
  adapter: StorageAdapter,
  expected: { readonly digest: Digest; readonly sizeBytes: number },
  options: SaveOptions,
): Promise<ObjectInfo | undefined> {
  const { signal } = options;
  if ((await options.isDamaged?.(expected.digest)) === true) return undefined;
  try {
    const info = await adapter.head(contentKey(expected.digest), { signal });
    const isRightSize = info?.sizeBytes === expected.sizeBytes;
    return isRightSize && (info.checksum ?? expected.digest) === expected.digest ? info : undefined;
  } catch (error) {
    if (StorageError.isInstance(error, 'corrupt')) return undefined;
    throw error;
  }
}
