import { ByteWriter } from './byte-writer.ts';

const [headBytes, leastBytes, mostBytes] = [16, 4096, 65_536];
const mostObjects = 65_535;

/** What elements of variable length point to, in collections that follow each other from an address on. */
export class GlobalHeapWriter {
  readonly #writer = new ByteWriter();
  readonly #start: number;
  #collection: { readonly at: number; readonly objects: ByteWriter; count: number } | undefined;

  constructor(start: number) {
    this.#start = start;
  }

  /** Adds an object; where it is. */
  add(bytes: Uint8Array): { readonly address: number; readonly index: number } {
    const { objects, count } = this.#collection ?? { objects: new ByteWriter(), count: 0 };
    const isFull = count >= mostObjects || headBytes + objects.length + 16 + bytes.length > mostBytes;
    if (count > 0 && isFull) this.#close();
    this.#collection ??= { at: this.#writer.length, objects: new ByteWriter(), count: 0 };
    const collection = this.#collection;
    collection.count += 1;
    collection.objects.uint(2, collection.count, 1).zeros(4).uint(8, bytes.length).bytes(bytes).align();
    return { address: this.#start + collection.at, index: collection.count };
  }

  finish(): Uint8Array {
    this.#close();
    return this.#writer.finish();
  }

  #close(): void {
    if (this.#collection === undefined) return;
    const objects = this.#collection.objects.finish();
    const sizeBytes = Math.max(leastBytes, headBytes + objects.length);
    const freeBytes = sizeBytes - headBytes - objects.length;
    this.#writer.text('GCOL').uint(1, 1).zeros(3).uint(8, sizeBytes).bytes(objects);
    if (freeBytes >= 16)
      this.#writer
        .zeros(8)
        .uint(8, freeBytes)
        .zeros(freeBytes - 16);
    else this.#writer.zeros(freeBytes);
    this.#collection = undefined;
  }
}
