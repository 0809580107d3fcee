/** Bytes of one chunk: what one row holds, and the most that lies in the row of its object. */
export const chunkBytes = 262_144;
/** Chunks that are written or read by one statement. */
export const chunksAtOnce = 4;

const blockBytes = chunkBytes * chunksAtOnce;
const firstBytes = 16_384;

/** Collects bytes until there are enough for a statement; its memory is used again and again. */
export class ChunkBlock {
  #memory: Buffer;
  #length = 0;

  /** @param sizeBytes how much will come, where it is known. */
  constructor(sizeBytes: number | undefined) {
    this.#memory = Buffer.allocUnsafe(Math.min(blockBytes, Math.max(sizeBytes ?? firstBytes, 1)));
  }

  get isFull(): boolean {
    return this.#length === blockBytes;
  }

  /** Whether there is more than one row holds. */
  get isLong(): boolean {
    return this.#length > chunkBytes;
  }

  /** The bytes so far, until the next call of {@link ChunkBlock.take}. */
  get bytes(): Buffer {
    return this.#memory.subarray(0, this.#length);
  }

  /** Copies from the beginning of a chunk what there is room for; answers how much that is. */
  take(chunk: Uint8Array): number {
    const length = Math.min(chunk.byteLength, blockBytes - this.#length);
    if (this.#length + length > this.#memory.byteLength) this.#grow(this.#length + length);
    this.#memory.set(chunk.subarray(0, length), this.#length);
    this.#length += length;
    return length;
  }

  clear(): void {
    this.#length = 0;
  }

  #grow(needed: number): void {
    const grown = Buffer.allocUnsafe(Math.min(blockBytes, Math.max(needed, this.#memory.byteLength * 4)));
    this.#memory.copy(grown, 0, 0, this.#length);
    this.#memory = grown;
  }
}

/** Bytes in pieces of a chunk. */
export function inChunks(bytes: Uint8Array): readonly Uint8Array[] {
  const count = Math.ceil(bytes.byteLength / chunkBytes);
  return Array.from({ length: count }, (_, index) =>
    bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes),
  );
}
