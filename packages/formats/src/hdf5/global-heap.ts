import type { Hdf5Bytes } from './hdf5-bytes.ts';
import type { Hdf5Store } from './hdf5-store.ts';

const mostCollections = 64;

/** Values of variable length, which are stored apart from the elements that name them. */
export class GlobalHeap {
  readonly #store: Hdf5Store;
  readonly #collections = new Map<number, ReadonlyMap<number, Uint8Array>>();

  constructor(store: Hdf5Store) {
    this.#store = store;
  }

  /**
   * The bytes that an element of variable length names, and how many items they are; none where it was never written.
   *
   * @throws FormatError when the heap is broken, or has no such object.
   */
  async object(element: Hdf5Bytes): Promise<{ readonly count: number; readonly bytes: Uint8Array }> {
    const at = element.at;
    const count = element.uint(4);
    const address = element.address();
    const index = element.uint(4);
    if (count === 0 || address === undefined || address === 0) return { count: 0, bytes: new Uint8Array(0) };
    const bytes = (await this.#collection(address)).get(index);
    if (bytes === undefined) throw element.error(`object ${index} of a heap is missing`, at);
    return { count, bytes };
  }

  async #collection(address: number): Promise<ReadonlyMap<number, Uint8Array>> {
    const known = this.#collections.get(address);
    if (known !== undefined) return known;
    const { lengthBytes } = this.#store.widths;
    const head = (await this.#store.block(address, 8 + lengthBytes)).expect('GCOL', 1).skip(3);
    const sizeBytes = head.length();
    if (sizeBytes < 8 + lengthBytes) throw head.error('a heap has an impossible size', 0);
    const body = (await this.#store.block(address, sizeBytes)).skip(8 + lengthBytes);
    const objects = new Map<number, Uint8Array>();
    while (body.left >= 8 + lengthBytes) {
      const index = body.uint(2);
      const objectBytes = body.skip(6).length();
      if (index === 0) break;
      objects.set(index, body.take(objectBytes));
      body.skip(Math.min(body.left, (8 - (objectBytes % 8)) % 8));
    }
    if (this.#collections.size >= mostCollections)
      this.#collections.delete(this.#collections.keys().next().value ?? 0);
    this.#collections.set(address, objects);
    return objects;
  }
}
