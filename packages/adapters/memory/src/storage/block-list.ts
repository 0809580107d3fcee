const firstBlockBytes = 4_096;
const longestBlockBytes = 1_048_576;
const readBytes = 262_144;

/** A growing copy of bytes, kept in blocks, so that a large object needs no second copy to be put together. */
export class BlockList {
  readonly #blocks: Uint8Array[] = [];
  #open: Uint8Array = new Uint8Array(0);
  #openBytes = 0;
  #sizeBytes = 0;

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** Copies a chunk to the end. */
  append(chunk: Uint8Array): void {
    let taken = 0;
    while (taken < chunk.byteLength) {
      if (this.#openBytes === this.#open.byteLength) this.#openBlock();
      const part = chunk.subarray(taken, taken + this.#open.byteLength - this.#openBytes);
      this.#open.set(part, this.#openBytes);
      this.#openBytes += part.byteLength;
      this.#sizeBytes += part.byteLength;
      taken += part.byteLength;
    }
  }

  /** Gives back the room that was not needed. Nothing is appended afterwards. */
  seal(): void {
    if (this.#openBytes > 0) this.#blocks.push(this.#open.slice(0, this.#openBytes));
    this.#open = new Uint8Array(0);
    this.#openBytes = 0;
  }

  /** Reads a part of a sealed list. Every chunk lies in the same memory as the one before it. */
  *read(offset: number, length: number): Generator<Uint8Array> {
    const lent = new Uint8Array(Math.min(length, readBytes));
    for (const part of this.#parts(offset, length)) {
      for (let start = 0; start < part.byteLength; start += readBytes) {
        const piece = part.subarray(start, start + readBytes);
        lent.set(piece);
        yield lent.subarray(0, piece.byteLength);
      }
    }
  }

  *#parts(offset: number, length: number): Generator<Uint8Array> {
    const end = offset + length;
    let blockStart = 0;
    for (const block of this.#blocks) {
      if (blockStart >= end) return;
      const part = block.subarray(Math.max(0, offset - blockStart), Math.max(0, end - blockStart));
      if (part.byteLength > 0) yield part;
      blockStart += block.byteLength;
    }
  }

  #openBlock(): void {
    if (this.#openBytes > 0) this.#blocks.push(this.#open);
    this.#open = new Uint8Array(Math.min(Math.max(firstBlockBytes, this.#sizeBytes), longestBlockBytes));
    this.#openBytes = 0;
  }
}
