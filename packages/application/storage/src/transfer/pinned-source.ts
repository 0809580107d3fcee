import {
  type ByteSource,
  type Cancellable,
  type ObjectInfo,
  type ObjectReader,
  type StorageAdapter,
  StorageError,
} from '@holdfast/ports';

/** Up to here an object is taken into memory, where a store gives it in one piece. */
const longestPieceBytes = 1_048_576;

/**
 * The state of an object that was opened, as a source that can be read again: another state that took its place
 * meanwhile is `precondition-failed`, never a mixture of the two.
 */
export async function pinnedSource(
  adapter: StorageAdapter,
  opened: ObjectReader,
  { signal }: Cancellable,
): Promise<ByteSource> {
  const { info } = opened;
  const isShort = info.sizeBytes <= longestPieceBytes;
  const bytes = isShort ? await opened.bytes?.() : undefined;
  if (bytes !== undefined) return bytes;
  let unread: ObjectReader | undefined = opened;
  const open = (): AsyncIterable<Uint8Array> => {
    const first = unread;
    unread = undefined;
    return first?.body ?? readState(adapter, info, { signal });
  };
  return { open, sizeBytes: info.sizeBytes };
}

async function* readState(
  adapter: StorageAdapter,
  info: ObjectInfo,
  options: Cancellable,
): AsyncIterable<Uint8Array> {
  await using reader = await reopen(adapter, info, options);
  yield* reader.body;
}

async function reopen(adapter: StorageAdapter, { key, etag }: ObjectInfo, { signal }: Cancellable) {
  const reader = await adapter.get(key, { ifMatch: etag, signal });
  if (reader !== undefined) return reader;
  throw new StorageError({
    code: 'not-found',
    operation: 'copy',
    backend: adapter.backend,
    key,
    message: `The object ${JSON.stringify(key)} was deleted while it was copied.`,
  });
}
