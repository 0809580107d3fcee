import type { OpenOptions } from '../zip/zip-file.ts';
import type { Hdf5Bytes } from './hdf5-bytes.ts';
import { fletcher32 } from './hdf5-checksums.ts';
import { hdf5Error, hdf5Unsupported } from './hdf5-error.ts';
import { undoLzf } from './undo-lzf.ts';

/** One step that the bytes of a chunk went through when they were written. */
export interface Hdf5Filter {
  readonly id: number;
  /** Such as `deflate`, or the name that the file gives to a filter from outside. */
  readonly name: string;
  readonly parameters: readonly number[];
}

const deflate = 1;
const shuffle = 2;
const fletcher = 3;
const lzf = 32000;
/** Deflate makes at most 1,032 bytes of one. */
const mostInflation = 1032;
/** A copy of LZF makes at most 264 bytes of three. */
const mostLzf = 88;

const filterNames: ReadonlyMap<number, string> = new Map([
  [deflate, 'deflate'],
  [shuffle, 'shuffle'],
  [fletcher, 'fletcher32'],
  [4, 'szip'],
  [5, 'nbit'],
  [6, 'scaleoffset'],
  [lzf, 'lzf'],
  [32001, 'blosc'],
  [32004, 'lz4'],
  [32008, 'bitshuffle'],
  [32013, 'zfp'],
  [32015, 'zstd'],
  [32026, 'blosc2'],
]);

/** Reads a filter pipeline message. */
export function readFilters(bytes: Hdf5Bytes): readonly Hdf5Filter[] {
  const version = bytes.uint(1);
  if (version !== 1 && version !== 2)
    throw bytes.error(`version ${version} of a filter pipeline is unknown`, 0);
  const count = bytes.uint(1);
  if (version === 1) bytes.skip(6);
  return Array.from({ length: count }, () => readFilter(bytes, version));
}

function readFilter(bytes: Hdf5Bytes, version: number): Hdf5Filter {
  const id = bytes.uint(2);
  const nameBytes = version === 1 || id >= 256 ? bytes.uint(2) : 0;
  const parameterCount = bytes.skip(2).uint(2);
  const stated = bytes.text(nameBytes).replace(/\0.*$/su, '');
  if (version === 1) bytes.skip((8 - (nameBytes % 8)) % 8);
  const parameters = Array.from({ length: parameterCount }, () => bytes.uint(4));
  if (version === 1 && parameterCount % 2 === 1) bytes.skip(4);
  return { id, name: filterNames.get(id) ?? (stated === '' ? String(id) : stated), parameters };
}

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
}

/**
 * Undoes the filters of a chunk, the last one first.
 *
 * @throws FormatError when a check sum does not match, the bytes are not as many as due, or a filter is not known.
 */
export async function undoFilters(
  chunk: StoredChunk,
  filters: readonly Hdf5Filter[],
  options: OpenOptions,
): Promise<Uint8Array> {
  const { at, dueBytes } = chunk;
  const applied = filters.filter((_, index) => (chunk.mask & (1 << index)) === 0);
  let bytes = chunk.bytes;
  for (const [place, filter] of [...applied.entries()].toReversed()) {
    if (filter.id === fletcher) bytes = withoutCheckSum(bytes, at);
    else if (filter.id === shuffle) bytes = unshuffle(bytes, filter.parameters[0] ?? chunk.itemBytes);
    else if (filter.id === deflate || filter.id === lzf) {
      const sumBytes = 4 * applied.slice(0, place).filter(({ id }) => id === fletcher).length;
      const isOnly = applied.slice(0, place).every(({ id }) => id !== deflate && id !== lzf);
      if (!isOnly) throw hdf5Unsupported('chunks are compressed more than once, which is not read', at);
      const due = { at, dueBytes: dueBytes + sumBytes };
      bytes = filter.id === lzf ? withoutLzf(bytes, due) : await inflated(bytes, due, options);
    } else throw unknownFilter(filter, at);
  }
  if (bytes.length !== dueBytes)
    throw hdf5Error(`a chunk has ${bytes.length} bytes where ${dueBytes} are due`, at);
  return bytes;
}

function unknownFilter({ id, name }: Hdf5Filter, at: number): Error {
  return hdf5Unsupported(`the filter ${name} (number ${id}) is not read`, at);
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

function unshuffle(bytes: Uint8Array, itemBytes: number): Uint8Array {
  if (itemBytes < 2 || bytes.length < itemBytes) return bytes;
  const count = Math.floor(bytes.length / itemBytes);
  const target = new Uint8Array(bytes.length);
  for (let lane = 0, from = 0; lane < itemBytes; lane += 1)
    for (let to = lane, end = count * itemBytes; to < end; to += itemBytes) target[to] = bytes[from++] ?? 0;
  target.set(bytes.subarray(count * itemBytes), count * itemBytes);
  return target;
}

function withoutLzf(
  bytes: Uint8Array,
  { at, dueBytes }: { readonly at: number; readonly dueBytes: number },
): Uint8Array {
  const result = dueBytes > mostLzf * bytes.length ? undefined : undoLzf(bytes, dueBytes);
  if (result === undefined)
    throw hdf5Error(`a chunk of lzf does not hold the ${dueBytes} bytes that are due`, at);
  return result;
}

async function inflated(
  bytes: Uint8Array,
  { at, dueBytes }: { readonly at: number; readonly dueBytes: number },
  { inflate }: OpenOptions,
): Promise<Uint8Array> {
  if (inflate === undefined)
    throw hdf5Unsupported('a chunk is compressed, and no inflate was given to open it', at);
  if (dueBytes > mostInflation * (bytes.length + 1))
    throw hdf5Error(
      `a chunk claims ${dueBytes} bytes out of ${bytes.length}, more than deflate can hold`,
      at,
    );
  const result = await inflate(bytes, { encoding: 'zlib', limitBytes: dueBytes + 1 }).catch(
    (error: unknown) => {
      throw hdf5Error(
        `a chunk cannot be inflated: ${error instanceof Error ? error.message : String(error)}`,
        at,
        error,
      );
    },
  );
  if (result.length !== dueBytes)
    throw hdf5Error(`a chunk inflates to other than the ${dueBytes} bytes that are due`, at);
  return result;
}
