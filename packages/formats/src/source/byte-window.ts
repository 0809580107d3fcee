import type { BoundedReader } from './bounded-reader.ts';

const firstWindowBytes = 1024;
const largestWindowBytes = 256 * 1024;

/**
 * A window on a file for parsers that go forward. It grows while they go on in sequence and
 * shrinks after a jump, so that what is skipped costs nothing.
 */
export class ByteWindow {
  readonly #reader: BoundedReader;
  #bytes: Uint8Array = new Uint8Array(0);
  #start = 0;
  #nextBytes: number = firstWindowBytes;

  constructor(reader: BoundedReader) {
    this.#reader = reader;
  }

  /** The size of the file, in bytes. */
  get sizeBytes(): number {
    return this.#reader.sizeBytes;
  }

  /** Whether these bytes, as far as the file has them, can be had without waiting. */
  holds(offset: number, length: number): boolean {
    const end = Math.min(offset + length, this.sizeBytes);
    return offset >= this.#start && end <= this.#start + this.#bytes.length;
  }

  /** Moves the window so that it holds these bytes, as far as the file has them. */
  async moveTo(offset: number, length: number): Promise<void> {
    const isInSequence = offset >= this.#start && offset <= this.#start + this.#bytes.length;
    this.#nextBytes = isInSequence ? Math.min(this.#nextBytes * 2, largestWindowBytes) : firstWindowBytes;
    this.#bytes = await this.#reader.read(offset, Math.max(length, this.#nextBytes));
    this.#start = offset;
  }

  /** A byte that the window holds; `undefined` past the end of the file. */
  byteAt(offset: number): number | undefined {
    return this.#bytes[offset - this.#start];
  }

  /** Bytes that the window holds; fewer only where the file ends. */
  slice(offset: number, length: number): Uint8Array {
    return this.#bytes.subarray(offset - this.#start, offset - this.#start + length);
  }

  /** Bytes wherever they are; many at once do not pass through the window. */
  async read(offset: number, length: number): Promise<Uint8Array> {
    if (length > largestWindowBytes) return this.#reader.read(offset, length);
    if (!this.holds(offset, length)) await this.moveTo(offset, length);
    return this.slice(offset, length);
  }
}
