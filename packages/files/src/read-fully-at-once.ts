import { readSync } from 'node:fs';

/**
 * What {@link readFully} does, without a turn for other work: of a local file that is mostly in the cache, a short read
 * costs less than handing it to another thread.
 *
 * @param descriptor the number of an open file.
 */
export function readFullyAtOnce(descriptor: number, into: Uint8Array, position: number): number {
  let filled = 0;
  while (filled < into.byteLength) {
    const bytesRead = readSync(descriptor, into, filled, into.byteLength - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}
