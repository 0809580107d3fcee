import { InvalidValueError } from '@holdfast/domain';
import type { Deflate } from '../../source/deflate.ts';
import { checkLazyValue } from '../../value/check-lazy-value.ts';
import { elementBytes } from '../../value/element-bytes.ts';
import { product } from '../../value/lazy-array.ts';
import { isLazyArray, type LazyArray, type LazyValue } from '../../value/lazy-value.ts';
import type { LeaveOut } from '../../value/leave-out.ts';
import { readOrLeftOut } from '../../value/read-or-left-out.ts';
import { rowMajorPieces } from '../../value/row-major-pieces.ts';
import type { Lost, ValueGroup } from '../../value/value-attribute.ts';
import { type Box, copyBox, intersection } from '../hdf5-box.ts';
import { chunkCoordinates, gridOf } from '../hdf5-chunk.ts';
import { checkRank } from './check-rank.ts';
import { defaultChunk } from './default-chunk.ts';
import { encodeElementType, sizeOfType } from './encode-datatype.ts';
import { type EncodedElements, encodeElements } from './encode-elements.ts';
import { encodeHdf5, superblockBytes } from './encode-hdf5.ts';
import { keptAttributes } from './kept-attributes.ts';
import { NewHdf5Tree } from './new-hdf5-tree.ts';
import type { NewAttributes, NewHdf5Storage } from './new-hdf5.ts';
import { shuffle } from './shuffle.ts';

/** Settings of {@link hdf5Pieces}. */
export interface Hdf5PiecesOptions {
  /** Attributes of the root. */
  readonly metadata?: { readonly [key: string]: string } | undefined;
  /** Groups to make, with their attributes; those of datasets come with the values. */
  readonly groups?: readonly ValueGroup[] | undefined;
  /** Called with each attribute that has no form, and with what its type states besides. @default the first is an error */
  readonly onLost?: ((lost: Lost) => void) | undefined;
  /**
   * Compresses numbers, in chunks of about 1 MiB whose bytes are shuffled. What is compressed is held in memory until all of
   * it is known, since a file begins with where it ends. @default numbers are stored as they are
   */
  readonly deflate?: Deflate | undefined;
  /** Called with each value that HDF5 has no form for, which is then left out. @default it is an error */
  readonly leaveOut?: LeaveOut | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What is stored between the superblock and the structure. */
type Part = () => AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

const gzipLevel = 6;
/** Below this the index of the chunks takes more than is saved. */
const leastCompressedBytes = 1024;

/**
 * The pieces of an HDF5 file in order: a dataset for each value, in groups where its name is a path. Numbers are read when
 * their turn comes; a piece is lent, and overwritten by the next. Every version of the HDF5 library reads the file.
 *
 * @throws InvalidValueError for a name given twice, and a value that HDF5 has no form for.
 */
export async function* hdf5Pieces(
  values: readonly LazyValue[],
  options: Hdf5PiecesOptions = {},
): AsyncGenerator<Uint8Array> {
  const plan = new FilePlan();
  for (const value of values) {
    checkLazyValue(value, 'values');
    try {
      await plan.add(value, options);
    } catch (error) {
      if (options.leaveOut === undefined || !InvalidValueError.isInstance(error)) throw error;
      options.leaveOut(value.name, aboutValue(value.name, error));
    }
  }
  const metadata = Object.entries(options.metadata ?? {}).map(([name, text]) => ({
    name,
    lost: [],
    read: async () => textOf(text),
  }));
  const root = { path: '', attributes: async () => metadata };
  for (const group of [root, ...(options.groups ?? [])]) await plan.group(group, options);
  const { structure, superblock } = encodeHdf5(plan.tree.root, plan.next);
  yield superblock;
  for (const part of plan.parts) yield* part();
  yield structure;
}

/** Where everything will be, before any of it is written. */
class FilePlan {
  readonly tree = new NewHdf5Tree();
  readonly parts: Part[] = [];
  next = superblockBytes;

  async add(value: LazyValue, options: Hdf5PiecesOptions): Promise<void> {
    this.tree.assertFree(value.name);
    const { name } = value;
    const attributes = await keptAttributes((await value.attributes?.()) ?? [], {
      name,
      onLost: options.onLost,
    });
    if (isLazyArray(value) && encodeElementType(value.dtype) !== undefined)
      return this.#numbers(value, attributes, options);
    const whole = await readOrLeftOut(value, options);
    if (whole !== undefined) this.#elements(name, attributes, encodeElements(whole, this.next, name));
  }

  async group({ path, attributes }: ValueGroup, { onLost }: Hdf5PiecesOptions): Promise<void> {
    const name = path === '' ? '/' : path;
    this.tree.group(name, await keptAttributes(await attributes(), { name, onLost }));
  }

  async #numbers(value: LazyArray, attributes: NewAttributes, options: Hdf5PiecesOptions): Promise<void> {
    const { name, shape, dtype } = value;
    checkRank(shape, `${name}.shape`);
    const type = encodeElementType(dtype) as Uint8Array;
    const storage =
      options.deflate === undefined || (value.sizeBytes ?? 0) < leastCompressedBytes
        ? this.#contiguous(value, options)
        : await this.#compressed(value, { ...options, deflate: options.deflate });
    if (storage === undefined) return;
    this.tree.dataset(name, { kind: 'dataset', attributes, type, shape, storage });
  }

  #elements(name: string, attributes: NewAttributes, { type, shape, bytes, heap }: EncodedElements): void {
    this.#part(heap.length, () => [heap]);
    const address = this.#part(bytes.length, () => [bytes]);
    const storage = { kind: 'contiguous', address, sizeBytes: bytes.length } as const;
    this.tree.dataset(name, { kind: 'dataset', attributes, type, shape, storage });
  }

  #contiguous(value: LazyArray, { signal }: Hdf5PiecesOptions): NewHdf5Storage {
    const sizeBytes = elementBytes(value.dtype, product(value.shape));
    const address = this.#part(sizeBytes, () => rowMajorPieces(value, { signal }));
    return { kind: 'contiguous', address, sizeBytes };
  }

  async #compressed(
    value: LazyArray,
    { deflate, ...options }: Hdf5PiecesOptions & { readonly deflate: Deflate },
  ): Promise<NewHdf5Storage | undefined> {
    const { shape } = value;
    const read = await readOrLeftOut(value, options);
    if (read === undefined) return undefined;
    const { type, bytes } = encodeElements(read, 0);
    const itemBytes = sizeOfType(type);
    const chunk = defaultChunk(shape, itemBytes);
    const grid = gridOf({ shape, chunk });
    const chunks = [];
    const whole: Box = { start: shape.map(() => 0), count: shape };
    for (let number = 0; number < product(grid); number += 1) {
      const origin = chunkCoordinates(grid, number).map((at, dimension) => at * (chunk[dimension] ?? 1));
      const content = new Uint8Array(product(chunk) * itemBytes);
      const part = intersection(whole, { start: origin, count: chunk }) ?? { start: origin, count: [0] };
      copyBox(
        { bytes, shape, origin: whole.start },
        { bytes: content, shape: chunk, origin },
        { ...part, itemBytes },
      );
      const stored = await deflate(shuffle(content, itemBytes), { encoding: 'zlib' });
      chunks.push({
        number,
        address: this.#part(stored.length, () => [stored]),
        storedBytes: stored.length,
        mask: 0,
      });
    }
    return { kind: 'chunked', chunk, filters: { shuffle: itemBytes > 1, gzip: gzipLevel }, chunks };
  }

  /** Keeps room for bytes, up to a multiple of 8; where they will be. */
  #part(sizeBytes: number, part: Part): number {
    const address = this.next;
    if (sizeBytes > 0) this.parts.push(part);
    const padding = -sizeBytes & 7;
    if (padding > 0) this.parts.push(() => [new Uint8Array(padding)]);
    this.next += sizeBytes + padding;
    return address;
  }
}

/** A refusal of a part of a value as one of the value. */
function aboutValue(name: string, { field, value, reason }: InvalidValueError): InvalidValueError {
  const said = field === 'value' ? `holds ${String(value)}: that ${reason}` : reason;
  return new InvalidValueError({ field: name, value, reason: said });
}

function textOf(text: string): {
  kind: 'text';
  data: readonly string[];
  shape: readonly number[];
  order: 'row-major';
} {
  return { kind: 'text', data: [text], shape: [], order: 'row-major' };
}
