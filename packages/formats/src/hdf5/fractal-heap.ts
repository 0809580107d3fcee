import type { Hdf5Bytes } from './hdf5-bytes.ts';
import { hdf5Error, hdf5Unsupported } from './hdf5-error.ts';
import type { Hdf5Store } from './hdf5-store.ts';
import { walkTree2 } from './walk-tree-2.ts';

const hugeRecords = 1;

interface HeapForm {
  readonly idBytes: number;
  readonly hugeTree: number | undefined;
  readonly tableWidth: number;
  readonly startBytes: number;
  readonly largestDirectBytes: number;
  readonly offsetBits: number;
  readonly lengthWidth: number;
  readonly root: number | undefined;
  readonly rootRows: number;
}

/** A fractal heap: the links or attributes of an object that has many. */
class FractalHeap {
  readonly #store: Hdf5Store;
  readonly #form: HeapForm;
  #huge: ReadonlyMap<number, { readonly address: number; readonly length: number }> | undefined;

  private constructor(store: Hdf5Store, form: HeapForm) {
    this.#store = store;
    this.#form = form;
  }

  /** Reads the header of a heap. */
  static async open(store: Hdf5Store, address: number): Promise<FractalHeap> {
    const { offsetBytes, lengthBytes } = store.widths;
    const head = (await store.checked(address, 22 + 12 * lengthBytes + 3 * offsetBytes)).expect('FRHP', 0);
    const idBytes = head.uint(2);
    if (head.uint(2) !== 0)
      throw hdf5Unsupported('links or attributes are stored through filters, which is not read', head.start);
    const mostManagedBytes = head.skip(1).uint(4);
    const hugeTree = head.skip(lengthBytes).address();
    head.skip(lengthBytes + offsetBytes + 8 * lengthBytes);
    const tableWidth = head.uint(2);
    const startBytes = head.length();
    const largestDirectBytes = head.length();
    const offsetBits = head.uint(2);
    const root = head.skip(2).address();
    const rootRows = head.uint(2);
    const isPower = [tableWidth, startBytes, largestDirectBytes].every((size) =>
      Number.isInteger(Math.log2(size)),
    );
    if (!isPower || offsetBits > 64 || rootRows > 64 || largestDirectBytes < startBytes)
      throw head.error('a heap has an impossible form', 0);
    const lengthWidth = Math.min(
      Math.ceil(Math.log2(largestDirectBytes) / 8),
      Math.floor(Math.log2(Math.max(1, mostManagedBytes)) / 8) + 1,
    );
    const sizes = { tableWidth, startBytes, largestDirectBytes, offsetBits, lengthWidth };
    return new FractalHeap(store, { idBytes, hugeTree, root, rootRows, ...sizes });
  }

  /** The bytes of an identifier. */
  get idBytes(): number {
    return this.#form.idBytes;
  }

  /** The object of an identifier. */
  async object(id: Hdf5Bytes): Promise<Hdf5Bytes> {
    const kind = id.uint(1);
    if (kind >> 6 !== 0) throw id.error('an identifier of a heap has an unknown version', 0);
    switch ((kind >> 4) & 3) {
      case 0: {
        const offset = id.uint(Math.ceil(this.#form.offsetBits / 8));
        return this.#managed(id, offset, id.uint(this.#form.lengthWidth));
      }
      case 1:
        return this.#hugeObject(id);
      case 2: {
        const length = this.#form.idBytes > 17 ? ((kind & 15) << 8) + id.uint(1) + 1 : (kind & 15) + 1;
        return id.sub(length);
      }
      default:
        throw id.error('an identifier of a heap is of an unknown type', 0);
    }
  }

  async #managed(id: Hdf5Bytes, offset: number, length: number): Promise<Hdf5Bytes> {
    const { root, rootRows, startBytes } = this.#form;
    if (root === undefined) throw id.error('a heap is empty', 0);
    const { address, start, sizeBytes } =
      rootRows === 0
        ? { address: root, start: 0, sizeBytes: startBytes }
        : await this.#directBlock(id, { address: root, rows: rootRows, start: 0 }, offset);
    const at = offset - start;
    if (at < 0 || at + length > sizeBytes) throw id.error('an object is outside of the block of its heap', 0);
    const signature = await this.#store.block(address, 4);
    if (String.fromCharCode(...signature.bytes) !== 'FHDB')
      throw signature.error('a structure FHDB is expected here', 0);
    return this.#store.block(address + at, length);
  }

  /** Goes down from an indirect block to the direct block that holds an offset. */
  async #directBlock(
    id: Hdf5Bytes,
    block: { readonly address: number; readonly rows: number; readonly start: number },
    offset: number,
  ): Promise<{ readonly address: number; readonly start: number; readonly sizeBytes: number }> {
    const { tableWidth, startBytes, largestDirectBytes, offsetBits } = this.#form;
    const { offsetBytes } = this.#store.widths;
    const within = offset - block.start;
    const row =
      within < tableWidth * startBytes ? 0 : Math.floor(Math.log2(within / (tableWidth * startBytes))) + 1;
    if (row >= block.rows) throw id.error('an object is outside of its heap', 0);
    const sizeBytes = row === 0 ? startBytes : startBytes * 2 ** (row - 1);
    const rowStart = row === 0 ? 0 : tableWidth * sizeBytes;
    const column = Math.floor((within - rowStart) / sizeBytes);
    const headBytes = 5 + offsetBytes + Math.ceil(offsetBits / 8);
    const table = await this.#store.checked(block.address, headBytes + block.rows * tableWidth * offsetBytes);
    table.expect('FHIB', 0);
    table.at = headBytes + (row * tableWidth + column) * offsetBytes;
    const address = table.dueAddress('a block of a heap');
    const start = block.start + rowStart + column * sizeBytes;
    if (sizeBytes <= largestDirectBytes) return { address, start, sizeBytes };
    const rows = Math.log2(sizeBytes / (startBytes * tableWidth)) + 1;
    if (!Number.isInteger(rows) || rows < 1 || rows >= block.rows + 1)
      throw id.error('a heap has an impossible form', 0);
    return this.#directBlock(id, { address, rows, start }, offset);
  }

  async #hugeObject(id: Hdf5Bytes): Promise<Hdf5Bytes> {
    const { idBytes, hugeTree } = this.#form;
    const { offsetBytes, lengthBytes } = this.#store.widths;
    if (idBytes - 1 >= offsetBytes + lengthBytes)
      return this.#store.block(id.dueAddress('a large object'), id.length());
    if (hugeTree === undefined) throw id.error('a heap has no large objects', 0);
    this.#huge ??= await this.#hugeObjects(hugeTree);
    const found = this.#huge.get(id.uint(Math.min(idBytes - 1, lengthBytes)));
    if (found === undefined) throw id.error('a large object is missing', 0);
    return this.#store.block(found.address, found.length);
  }

  async #hugeObjects(tree: number): Promise<ReadonlyMap<number, { address: number; length: number }>> {
    const objects = new Map<number, { address: number; length: number }>();
    for await (const record of walkTree2(this.#store, tree, { type: hugeRecords })) {
      const place = { address: record.dueAddress('a large object'), length: record.length() };
      objects.set(record.length(), place);
    }
    return objects;
  }
}

/** Every object that the records of a tree name. */
export async function* denseObjects(
  store: Hdf5Store,
  place: { readonly heap: number; readonly tree: number; readonly type: 5 | 8 },
): AsyncGenerator<Hdf5Bytes> {
  const heap = await FractalHeap.open(store, place.heap);
  let takenBytes = 0;
  for await (const record of walkTree2(store, place.tree, place)) {
    if (place.type === 5) record.skip(4);
    if (record.left < heap.idBytes) throw hdf5Error('an identifier of a heap is too short', record.start);
    const object = await heap.object(record.sub(heap.idBytes));
    takenBytes += object.left;
    if (takenBytes > store.bytesFrom(0)) throw hdf5Error('the objects of a heap overlap', record.start);
    yield object;
  }
}
