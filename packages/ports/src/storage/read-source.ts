import type { ByteSource, ReopenableSource } from './byte-source.ts';

/** How much of a byte array is handed on at once, so that progress and cancellation have their turn. */
const sliceBytes = 1_048_576;

/** Whether a source can be sent again from the beginning. */
export function isReopenable(source: ByteSource): source is Uint8Array | ReopenableSource {
  return source instanceof Uint8Array || hasOpen(source);
}

/** The length of a source where it is known before reading. */
export function knownSizeBytes(source: ByteSource): number | undefined {
  if (source instanceof Uint8Array) return source.byteLength;
  return hasOpen(source) ? source.sizeBytes : undefined;
}

/**
 * Reads any source as chunks. A chunk is valid until the next one is asked for.
 * Whoever leaves early frees what a stream holds at once, even while a chunk is waited for.
 */
export function readSource(source: ByteSource): AsyncIterable<Uint8Array> {
  if (source instanceof Uint8Array) return sliced(source);
  const chunks = hasOpen(source) ? source.open() : source;
  if (chunks instanceof ReadableStream) return webStreamChunks(chunks);
  return isDestroyable(chunks) ? nodeStreamChunks(chunks) : chunks;
}

/** Node's file streams have a method `open` too, but no size. */
function hasOpen(source: Exclude<ByteSource, Uint8Array>): source is ReopenableSource {
  return 'open' in source && 'sizeBytes' in source;
}

async function* sliced(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  for (let offset = 0; offset < bytes.byteLength; offset += sliceBytes) {
    yield bytes.subarray(offset, offset + sliceBytes);
  }
}

/** The stream's own iterator would put off leaving until the chunk that it waits for is there. */
function webStreamChunks(stream: ReadableStream<Uint8Array>): AsyncIterable<Uint8Array> {
  const reader = stream.getReader();
  return fromIterator({
    next: async () => {
      const { done, value } = await reader.read();
      return done ? { done, value: undefined } : { done, value };
    },
    return: async () => {
      await reader.cancel();
      return { done: true, value: undefined };
    },
  });
}

interface Destroyable extends AsyncIterable<Uint8Array> {
  destroy(): unknown;
}

function isDestroyable(chunks: AsyncIterable<Uint8Array>): chunks is Destroyable {
  return 'destroy' in chunks && typeof chunks.destroy === 'function';
}

/** As with web streams, leaving must not wait. */
function nodeStreamChunks(stream: Destroyable): AsyncIterable<Uint8Array> {
  const iterator = stream[Symbol.asyncIterator]();
  return fromIterator({
    next: () => iterator.next(),
    return: async () => {
      stream.destroy();
      return { done: true, value: undefined };
    },
  });
}

function fromIterator(iterator: AsyncIterator<Uint8Array>): AsyncIterable<Uint8Array> {
  return { [Symbol.asyncIterator]: () => iterator };
}
