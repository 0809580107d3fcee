import { compareKeys } from '@holdfast/domain';

/** Where a chunk of keys is split in two. */
const longestChunk = 1_024;

/**
 * Keys in the order of their UTF-8 bytes, in chunks, so that adding one among many moves few.
 * Seeking takes two binary searches.
 */
export class SortedKeys {
  /** Never empty, and no chunk is, but for the only one of an empty set. */
  readonly #chunks: string[][] = [[]];

  /** Adds a key that is not there yet. */
  add(key: string): void {
    const chunkIndex = this.#chunkFor((last) => compareKeys(last, key) > 0);
    const chunk = this.#chunks[chunkIndex] as string[];
    chunk.splice(
      firstIndex(chunk, (other) => compareKeys(other, key) > 0),
      0,
      key,
    );
    if (chunk.length > longestChunk) {
      this.#chunks.splice(chunkIndex + 1, 0, chunk.splice(longestChunk / 2));
    }
  }

  /** Removes a key that is there. */
  delete(key: string): void {
    const chunkIndex = this.#chunkFor((last) => compareKeys(last, key) >= 0);
    const chunk = this.#chunks[chunkIndex] as string[];
    chunk.splice(
      firstIndex(chunk, (other) => compareKeys(other, key) >= 0),
      1,
    );
    if (chunk.length === 0 && this.#chunks.length > 1) this.#chunks.splice(chunkIndex, 1);
  }

  /**
   * The first key for which the test holds, or `undefined`.
   * Once it holds for a key it must hold for every later one.
   */
  first(isReached: (key: string) => boolean): string | undefined {
    const chunk = this.#chunks[this.#chunkFor(isReached)] as string[];
    return chunk[firstIndex(chunk, isReached)];
  }

  /** The first chunk whose last key passes the test; else the last chunk. */
  #chunkFor(isReached: (key: string) => boolean): number {
    const index = firstIndex(this.#chunks, (chunk) => isReached(chunk.at(-1) ?? ''));
    return Math.min(index, this.#chunks.length - 1);
  }
}

/** The index of the first item that passes a test that all later ones pass, or the length. */
function firstIndex<T>(items: readonly T[], isReached: (item: T) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isReached(items[middle] as T)) high = middle;
    else low = middle + 1;
  }
  return low;
}
