import { inflateMissing } from '../catalog/inflate-missing.ts';
import type { Inflate, InflateRequest } from '../catalog/inflate.ts';
import type { OpenOptions } from '../zip/zip-file.ts';
import { fletcher32 } from './hdf5-checksums.ts';
import { hdf5Error, hdf5Unsupported } from './hdf5-error.ts';
import { filterIds, type Hdf5Filter } from './hdf5-filters.ts';
import { undoBitshuffle, undoCompressedBitshuffle } from './undo-bitshuffle.ts';
import { undoLz4, undoLz4Block } from './undo-lz4.ts';
import { undoLzf } from './undo-lzf.ts';
import { undoNbit } from './undo-nbit.ts';
import { undoScaleOffset } from './undo-scale-offset.ts';
import { unshuffle } from './unshuffle.ts';

/** The most bytes that one becomes: deflate by its form, Zstandard by a block of 128 KiB out of four. */
const mostInflation = { zlib: 1032, zstd: 2 ** 15 } as const;
const bitshuffleOf = ['none', 'none', 'lz4', 'zstd'] as const;

/** A chunk as it is stored. */
export interface StoredChunk {
  readonly bytes: Uint8Array;
  /** Offset in the file. */
  readonly at: number;
  /** A bit is set for each filter that was left out. */
  readonly mask: number;
  /** The bytes that the chunk has without filters. */
  readonly dueBytes: number;
  readonly itemBytes: number;
  /** Memory that is used where the last step can write into it: the result is in it then. */
  readonly into?: Uint8Array | undefined;
}

/** What a filter has to give. */
interface Due {
  readonly filter: Hdf5Filter;
  /** Offset in the file. */
  readonly at: number;
  /** The most bytes that it gives; exactly so many where `isExact`. */
  readonly mostBytes: number;
  readonly isExact: boolean;
  readonly itemBytes: number;
  readonly inflate: Inflate | undefined;
  readonly into: Uint8Array | undefined;
}

type Undo = (bytes: Uint8Array, due: Due) => Uint8Array | Promise<Uint8Array>;

const undoes: ReadonlyMap<number, Undo> = new Map<number, Undo>([
  [filterIds.deflate, (bytes, due) => inflated(bytes, 'zlib', due)],
  [filterIds.zstd, (bytes, due) => inflated(bytes, 'zstd', due)],
  [filterIds.shuffle, unshuffled],
  [filterIds.fletcher32, (bytes, { at }) => withoutCheckSum(bytes, at)],
  [filterIds.lzf, (bytes, due) => whole(undoLzf(bytes, due.mostBytes), due)],
  [filterIds.lz4, (bytes, due) => whole(undoLz4(bytes, due.mostBytes), due)],
  [filterIds.bitshuffle, withoutBitshuffle],
  [filterIds.nbit, (bytes, { filter, ...due }) => undoNbit(bytes, { ...filter, ...due })],
  [filterIds.scaleoffset, (bytes, { filter, ...due }) => undoScaleOffset(bytes, { ...filter, ...due })],
]);

/** Whether a filter can be undone. */
export function isUndone({ id }: Hdf5Filter): boolean {
  return undoes.has(id);
}

const ofOneSize: ReadonlySet<number> = new Set([filterIds.shuffle, filterIds.fletcher32]);

/**
 * Undoes the filters of a chunk, the last one first.
 *
 * @throws FormatError when a check sum does not match, the bytes are not as many as due, or a filter is not known.
 */
export async function undoFilters(
  chunk: StoredChunk,
  filters: readonly Hdf5Filter[],
  { inflate }: OpenOptions,
): Promise<Uint8Array> {
  const { at, dueBytes, itemBytes } = chunk;
  const applied = filters.filter((_, index) => (chunk.mask & (1 << index)) === 0);
  const unknown = applied.find(({ id }) => !undoes.has(id));
  if (unknown !== undefined) throw unknownFilter(unknown, at);
  let bytes = chunk.bytes;
  for (const [place, filter] of [...applied.entries()].toReversed()) {
    const before = applied.slice(0, place);
    const sumBytes = 4 * before.filter(({ id }) => id === filterIds.fletcher32).length;
    const isExact = before.every(({ id }) => ofOneSize.has(id));
    const mostBytes = isExact ? dueBytes + sumBytes : 2 * dueBytes + 65_536;
    const undo = undoes.get(filter.id) as Undo;
    const into = place === 0 ? chunk.into : undefined;
    bytes = await undo(bytes, { filter, at, mostBytes, isExact, itemBytes, inflate, into });
  }
  if (bytes.length !== dueBytes)
    throw hdf5Error(`a chunk has ${bytes.length} bytes where ${dueBytes} are due`, at);
  return bytes;
}

function unknownFilter({ id, name }: Hdf5Filter, at: number): Error {
  const hint = `Write the file again with a filter that is read, where the library has ${name}: h5repack -f SHUF -f GZIP=4 OLD NEW.`;
  return hdf5Unsupported(`the filter ${name} (number ${id}) is not read`, at, hint);
}

/** What a filter gave, where it is as much as is due. */
function whole(bytes: Uint8Array | undefined, { filter, at, mostBytes, isExact }: Due): Uint8Array {
  if (bytes === undefined || (isExact && bytes.length !== mostBytes))
    throw hdf5Error(`a chunk of ${filter.name} does not hold the ${mostBytes} bytes that are due`, at);
  return bytes;
}

async function withoutBitshuffle(bytes: Uint8Array, due: Due): Promise<Uint8Array> {
  const { filter, mostBytes, at } = due;
  const [, , itemBytes = due.itemBytes, blockItems = 0, compression = 0] = filter.parameters;
  const inside = bitshuffleOf[compression];
  if (inside === undefined)
    throw hdf5Unsupported(`the compression ${compression} inside of the filter bitshuffle is not known`, at);
  if (itemBytes === 0 || blockItems % 8 !== 0)
    throw hdf5Error('the filter bitshuffle has impossible parameters', at);
  if (inside === 'none') return undoBitshuffle(bytes, { itemBytes, blockItems });
  const result = await undoCompressedBitshuffle(bytes, { itemBytes, mostBytes }, async (stored, dueBytes) => {
    if (inside === 'zstd') return inflated(stored, 'zstd', { ...due, mostBytes: dueBytes, isExact: true });
    const block = new Uint8Array(dueBytes);
    return undoLz4Block(stored, block) ? block : undefined;
  });
  return whole(result, due);
}

function withoutCheckSum(bytes: Uint8Array, at: number): Uint8Array {
  if (bytes.length < 4) throw hdf5Error('a chunk is too short for its check sum', at);
  const content = bytes.subarray(0, -4);
  const view = new DataView(bytes.buffer, bytes.byteOffset + content.length, 4);
  const due = view.getUint32(0, true);
  const sum = fletcher32(content);
  // Libraries before 1.6.3 wrote the bytes of each half in the other order.
  const swapped = (((sum & 0x00ff00ff) << 8) | ((sum >>> 8) & 0x00ff00ff)) >>> 0;
  if (due !== sum && due !== swapped) throw hdf5Error('the check sum of a chunk does not match', at);
  return content;
}

function unshuffled(bytes: Uint8Array, { filter, into, ...due }: Due): Uint8Array {
  const [itemBytes = due.itemBytes] = filter.parameters;
  if (itemBytes < 2 || bytes.length < itemBytes) return bytes;
  const target = into?.length === bytes.length ? into : new Uint8Array(bytes.length);
  unshuffle(bytes, itemBytes, target);
  return target;
}

async function inflated(
  bytes: Uint8Array,
  encoding: InflateRequest['encoding'] & keyof typeof mostInflation,
  { filter: { name }, at, mostBytes, isExact, inflate }: Due,
): Promise<Uint8Array> {
  if (inflate === undefined) throw inflateMissing('hdf5', 'a chunk', at);
  const possible = mostInflation[encoding] * (bytes.length + 1);
  if (isExact && mostBytes > possible)
    throw hdf5Error(
      `a chunk claims ${mostBytes} bytes out of ${bytes.length}, more than ${name} can hold`,
      at,
    );
  const limitBytes = Math.min(mostBytes, possible) + 1;
  const result = await inflate(bytes, { encoding, limitBytes }).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    throw hdf5Error(`a chunk cannot be inflated: ${why}`, at, error);
  });
  if (isExact ? result.length !== mostBytes : result.length >= limitBytes)
    throw hdf5Error(`a chunk inflates to other than the ${mostBytes} bytes that are due`, at);
  return result;
}
