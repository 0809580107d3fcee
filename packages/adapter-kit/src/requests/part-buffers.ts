const firstBytes = 65_536;

/** Memory for parts, used again and again: fresh memory costs more than what is written into it. */
export class PartBuffers {
  readonly #free: Buffer[] = [];
  #lengthBytes = 0;

  /** A buffer of this length; small at first where it is not known to be filled. */
  take(lengthBytes: number, isFirst: boolean): PartBuffer {
    if (lengthBytes !== this.#lengthBytes) this.#free.length = 0;
    this.#lengthBytes = lengthBytes;
    const memory =
      this.#free.pop() ?? Buffer.allocUnsafeSlow(isFirst ? Math.min(firstBytes, lengthBytes) : lengthBytes);
    return new PartBuffer(memory, lengthBytes);
  }

  give(buffer: PartBuffer): void {
    if (buffer.memory.byteLength === this.#lengthBytes) this.#free.push(buffer.memory);
  }
}

/** A part that is being filled. */
export class PartBuffer {
  readonly #capacityBytes: number;
  #memory: Buffer;
  #length = 0;

  constructor(memory: Buffer, capacityBytes: number) {
    this.#memory = memory;
    this.#capacityBytes = capacityBytes;
  }

  get memory(): Buffer {
    return this.#memory;
  }

  get isFull(): boolean {
    return this.#length === this.#capacityBytes;
  }

  /** What was put in, lent until the buffer is given back. */
  get bytes(): Uint8Array {
    return this.#memory.subarray(0, this.#length);
  }

  /** Copies as much as there is room for; answers how much that was. */
  append(chunk: Uint8Array): number {
    const taken = Math.min(chunk.byteLength, this.#capacityBytes - this.#length);
    this.#reserve(this.#length + taken);
    this.#memory.set(chunk.subarray(0, taken), this.#length);
    this.#length += taken;
    return taken;
  }

  #reserve(lengthBytes: number): void {
    if (lengthBytes <= this.#memory.byteLength) return;
    const doubled = Math.max(lengthBytes, this.#memory.byteLength * 2);
    const larger = Buffer.allocUnsafeSlow(Math.min(doubled, this.#capacityBytes));
    larger.set(this.#memory.subarray(0, this.#length));
    this.#memory = larger;
  }
}
