import type { Writable } from 'node:stream';
import { LateFailure } from '../failure/late-failure.ts';

/**
 * Writes chunks to a stream, each one before the next is asked for, and stops at once when the signal says so,
 * also while the reader at the other end has gone silent.
 *
 * @throws the signal's reason, the stream's own error, or that of the chunks; as the cause of a `LateFailure` when some
 *   of them were written.
 */
export async function writeChunks(
  stream: Writable,
  chunks: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  let isBegun = false;
  try {
    for await (const chunk of chunks) {
      await writeChunk(stream, chunk, signal);
      isBegun = true;
    }
  } catch (error) {
    if (!isBegun) throw error;
    throw new LateFailure('A part was written to standard output, which is not to be relied on.', error);
  }
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
