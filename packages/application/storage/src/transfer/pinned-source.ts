import {
  type ByteSource,
  type Cancellable,
  type ObjectInfo,
  type StorageAdapter,
  StorageError,
} from '@holdfast/ports';

/** Up to here an object is taken into memory, where a store gives it in one piece. */
const longestPieceBytes = 1_048_576;

/**
 * One state of an object as a source that can be read again: another state that took its place meanwhile is
 * `precondition-failed`, never a mixture of the two.
 */
export async function pinnedSource(
  adapter: StorageAdapter,
  info: ObjectInfo,
  { signal }: Cancellable,
): Promise<ByteSource> {
  const open = (): AsyncIterable<Uint8Array> => readState(adapter, info, { signal });
  if (info.sizeBytes > longestPieceBytes) return { open, sizeBytes: info.sizeBytes };
  await using reader = await openState(adapter, info, { signal });
  return (await reader.bytes?.()) ?? { open, sizeBytes: info.sizeBytes };
}

async function* readState(
  adapter: StorageAdapter,
  info: ObjectInfo,
  options: Cancellable,
): AsyncIterable<Uint8Array> {
  await using reader = await openState(adapter, info, options);
  yield* reader.body;
}

async function openState(adapter: StorageAdapter, { key, etag }: ObjectInfo, { signal }: Cancellable) {
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
