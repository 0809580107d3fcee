import type { Writable } from 'node:stream';

/**
 * Writes chunks to a stream, each one before the next is asked for, and stops at once when the signal says so,
 * also while the reader at the other end has gone silent.
 *
 * @throws the signal's reason, or the stream's own error.
 */
export async function writeChunks(
  stream: Writable,
  chunks: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  for await (const chunk of chunks) await writeChunk(stream, chunk, signal);
}

function writeChunk(stream: Writable, chunk: Uint8Array, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(new DOMException('The write was interrupted.', 'AbortError'));
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    stream.write(chunk, (error) => {
      signal.removeEventListener('abort', stop);
      if (error instanceof Error) reject(error);
      else resolve();
    });
  });
}
