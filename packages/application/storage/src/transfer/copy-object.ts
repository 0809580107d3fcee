import { type Digest, type ObjectKey, digestOfContentKey } from '@holdfast/domain';
import {
  type Cancellable,
  type ObjectInfo,
  type PutOptions,
  type StorageAdapter,
  StorageError,
  type WriteMode,
} from '@holdfast/ports';
import { pinnedSource } from './pinned-source.ts';

/** An object in one of the stores. */
export interface ObjectPlace {
  readonly adapter: StorageAdapter;
  readonly key: ObjectKey;
}

export interface CopyObjectOptions extends Cancellable {
  readonly mode?: WriteMode | undefined;
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
    await using opened = await openState(from, to, options);
    const { info: source } = opened;
    try {
      return { source, target: await opened.send() };
    } catch (error) {
      if (state === mostStates || !(await isReplaced(from, source))) throw error;
    }
  }
}

/** One state of the source, and the way to send it. */
interface OpenedState extends AsyncDisposable {
  readonly info: ObjectInfo;
  readonly send: () => Promise<ObjectInfo>;
}

async function openState(
  from: ObjectPlace,
  to: ObjectPlace,
  options: CopyObjectOptions,
): Promise<OpenedState> {
  const { signal, mode = 'overwrite', metadata } = options;
  if (from.adapter === to.adapter && metadata === 'keep') {
    const info = await from.adapter.head(from.key, { signal });
    if (info === undefined) throw missing(from);
    const send = () => from.adapter.copy(from.key, to.key, { mode, signal });
    return { info, send, [Symbol.asyncDispose]: async () => undefined };
  }
  const reader = await from.adapter.get(from.key, { signal });
  if (reader === undefined) throw missing(from);
  const { info } = reader;
  const send = async () => {
    const body = await pinnedSource(from.adapter, reader, { signal });
    return to.adapter.put(to.key, body, putOptionsOf(info, options));
  };
  return { info, send, [Symbol.asyncDispose]: () => reader[Symbol.asyncDispose]() };
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
