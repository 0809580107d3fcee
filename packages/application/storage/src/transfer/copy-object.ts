import type { Digest, ObjectKey } from '@holdfast/domain';
import {
  type ByteSource,
  type Cancellable,
  type ObjectInfo,
  type PutOptions,
  type StorageAdapter,
  StorageError,
  type WriteMode,
} from '@holdfast/ports';
import { digestOfContentKey } from '../content-key.ts';
import { pinnedSource } from './pinned-source.ts';

/** An object in one of the stores. */
export interface ObjectPlace {
  readonly adapter: StorageAdapter;
  readonly key: ObjectKey;
}

export interface CopyObjectOptions extends Cancellable {
  readonly mode?: WriteMode;
  /** Whether content type and metadata go with the bytes. */
  readonly metadata: 'keep' | 'drop';
  readonly onBytes?: (bytes: number) => void;
}

/** An object that was copied: the state that was read, and what became of it. */
export interface CopiedObject {
  readonly source: ObjectInfo;
  readonly target: ObjectInfo;
}

const mostStates = 3;

/**
 * Streams one state of an object from one store into another, held to its digest on the way. A source that is replaced
 * meanwhile is read anew.
 *
 * @throws StorageError `not-found` without the source, `checksum-mismatch` when its bytes are damaged; as `put` does.
 */
export async function copyObject(
  from: ObjectPlace,
  to: ObjectPlace,
  options: CopyObjectOptions,
): Promise<CopiedObject> {
  for (let state = 1; ; state++) {
    const source = await from.adapter.head(from.key, { signal: options.signal });
    if (source === undefined) throw missing(from);
    try {
      return { source, target: await sendState(from, to, { ...options, source }) };
    } catch (error) {
      if (state === mostStates || !(await isReplaced(from, source))) throw error;
    }
  }
}

async function sendState(
  from: ObjectPlace,
  to: ObjectPlace,
  options: CopyObjectOptions & { readonly source: ObjectInfo },
): Promise<ObjectInfo> {
  const { source, signal } = options;
  if (from.adapter === to.adapter && options.metadata === 'keep')
    return from.adapter.copy(from.key, to.key, { mode: options.mode ?? 'overwrite', signal });
  const body: ByteSource = await pinnedSource(from.adapter, source, { signal });
  return to.adapter.put(to.key, body, putOptionsOf(source, options));
}

function putOptionsOf(
  source: ObjectInfo,
  { mode, metadata, onBytes, signal }: CopyObjectOptions,
): PutOptions {
  const checksum = promisedDigest(source);
  const isKept = metadata === 'keep';
  return {
    mode: mode ?? 'overwrite',
    sizeBytes: source.sizeBytes,
    signal,
    ...(checksum === undefined ? {} : { checksum }),
    ...(isKept && source.contentType !== undefined ? { contentType: source.contentType } : {}),
    ...(isKept && Object.keys(source.metadata).length > 0 ? { metadata: source.metadata } : {}),
    ...(onBytes === undefined ? {} : { onProgress: onBytes }),
  };
}

/** What the bytes of an object must hash to, where its key or its store says so. */
export function promisedDigest({ key, checksum }: ObjectInfo): Digest | undefined {
  return digestOfContentKey(key) ?? checksum;
}

async function isReplaced({ adapter, key }: ObjectPlace, seen: ObjectInfo): Promise<boolean> {
  const now = await adapter.head(key).catch(() => undefined);
  return now !== undefined && now.etag !== seen.etag;
}

function missing({ adapter, key }: ObjectPlace): StorageError {
  return new StorageError({
    code: 'not-found',
    operation: 'copy',
    backend: adapter.backend,
    key,
    message: `There is no object ${JSON.stringify(key)} to copy.`,
  });
}
