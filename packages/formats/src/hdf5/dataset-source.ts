import type { ByteRangeSource } from '../source/byte-range-source.ts';
import { product } from '../value/lazy-array.ts';
import type { Value } from '../value/value.ts';
import type { Box } from './hdf5-box.ts';
import type { Hdf5Dataset } from './hdf5-file.ts';

/** How the elements of a dataset become bytes. */
export interface DatasetForm {
  /** The bytes of one entry of the dataset. */
  readonly itemBytes: number;
  /** The bytes of entries that were read. */
  bytesOf(value: Value): Uint8Array;
}

/** Chunks that are kept because the next piece may need them again. */
const mostBandBytes = 2 ** 28;

/**
 * The elements of a dataset as bytes that are read by range, the last dimension fastest. Ranges that are shorter than a row
 * of chunks are cut out of one that is kept, so that pieces one after the other undo each chunk once.
 */
export function datasetSource(dataset: Hdf5Dataset, form: DatasetForm): ByteRangeSource {
  const { itemBytes } = form;
  const count = product(dataset.shape);
  const band = Math.min(bandOf(dataset), count);
  const read = async (first: number, end: number): Promise<Uint8Array> => {
    const parts: Uint8Array[] = [];
    for (const box of boxesOf(dataset.shape, first, end)) parts.push(form.bytesOf(await dataset.read(box)));
    return joined(parts);
  };
  let kept: { readonly number: number; readonly bytes: Promise<Uint8Array> } | undefined;
  const bandBytes = async (number: number): Promise<Uint8Array> => {
    if (kept?.number !== number) {
      const first = number * band;
      kept = { number, bytes: read(first, Math.min(first + band, count)) };
    }
    return kept.bytes;
  };
  return {
    sizeBytes: count * itemBytes,
    read: async (offset, length, { signal } = {}) => {
      signal?.throwIfAborted();
      const first = Math.floor(offset / itemBytes);
      const end = Math.min(count, Math.ceil((offset + length) / itemBytes));
      if (end <= first) return new Uint8Array(0);
      const isBanded = end - first < band && band > 1 && band * itemBytes <= mostBandBytes;
      if (!isBanded) return (await read(first, end)).subarray(offset - first * itemBytes).subarray(0, length);
      const parts: Uint8Array[] = [];
      for (let at = first; at < end;) {
        const number = Math.floor(at / band);
        const bytes = await bandBytes(number);
        const until = Math.min(end, (number + 1) * band);
        parts.push(bytes.subarray((at - number * band) * itemBytes, (until - number * band) * itemBytes));
        at = until;
      }
      return joined(parts)
        .subarray(offset - first * itemBytes)
        .subarray(0, length);
    },
  };
}

/** The entries of a row of chunks: from one that begins in the slowest dimension of more than one entry to the next. */
function bandOf({ shape, chunk }: Hdf5Dataset): number {
  if (chunk === undefined) return 1;
  const slowest = shape.findIndex((extent) => extent > 1);
  return slowest < 0 ? 1 : (chunk[slowest] ?? 1) * product(shape.slice(slowest + 1));
}

/** The boxes that entries which follow each other make: whole ones in the middle, rests of rows at both ends. */
function* boxesOf(shape: readonly number[], first: number, end: number): Generator<Box> {
  yield* below([], first, end);

  function* below(place: readonly number[], from: number, to: number): Generator<Box> {
    if (from >= to) return;
    const dimension = place.length;
    if (dimension === shape.length) {
      yield { start: place, count: shape.map(() => 1) };
      return;
    }
    const inner = product(shape.slice(dimension + 1));
    const whole = Math.ceil(from / inner);
    const last = Math.floor(to / inner);
    if (whole > last || inner === 0) {
      yield* below([...place, last], from - last * inner, to - last * inner);
      return;
    }
    if (whole * inner > from) {
      const row = whole - 1;
      yield* below([...place, row], from - row * inner, inner);
    }
    if (last > whole) {
      const rest = shape.slice(dimension + 1);
      yield {
        start: [...place, whole, ...rest.map(() => 0)],
        count: [...place.map(() => 1), last - whole, ...rest],
      };
    }
    if (to > last * inner) yield* below([...place, last], 0, to - last * inner);
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [first] = parts;
  if (parts.length === 1 && first !== undefined) return first;
  const whole = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
