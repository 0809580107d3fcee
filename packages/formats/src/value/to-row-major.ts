import { makeElements } from './element-bytes.ts';
import { elementLayout } from './element-type.ts';
import { product } from './lazy-array.ts';
import type { NumericArray } from './value.ts';

/** The same array with the last dimension varying fastest; itself where it is so already. */
export function toRowMajor(array: NumericArray): NumericArray {
  const { shape, order, dtype, data } = array;
  if (order === 'row-major' || shape.filter((extent) => extent !== 1).length < 2 || data.length === 0)
    return { ...array, order: 'row-major' };
  const strides = columnMajorStrides(shape);
  const target = makeElements(dtype, product(shape));
  gatherElements({ data, lanes: elementLayout(dtype).lanes }, { shape, strides, start: 0 }, target);
  return { ...array, order: 'row-major', data: target };
}

/** Items of some bytes each with the last dimension varying fastest; the same bytes where they are so already. */
export function toRowMajorItems(
  bytes: Uint8Array,
  { shape, order, itemBytes }: Pick<NumericArray, 'shape' | 'order'> & { readonly itemBytes: number },
): Uint8Array {
  if (order === 'row-major' || shape.length < 2) return bytes;
  const target = new Uint8Array(bytes.byteLength);
  const strides = columnMajorStrides(shape);
  gatherElements({ data: bytes, lanes: itemBytes }, { shape, strides, start: 0 }, target);
  return target;
}

/** The same items with the last dimension varying fastest. */
export function itemsInRowMajor<T>(
  items: readonly T[],
  { shape, order }: Pick<NumericArray, 'shape' | 'order'>,
): readonly T[] {
  if (order === 'row-major' || shape.length < 2) return items;
  const places = Float64Array.from(items.keys());
  const target = new Float64Array(items.length);
  gatherElements({ data: places, lanes: 1 }, { shape, strides: columnMajorStrides(shape), start: 0 }, target);
  return Array.from(target, (place) => items[place] as T);
}

function columnMajorStrides(shape: readonly number[]): number[] {
  return shape.map((_, dimension) => product(shape.slice(0, dimension)));
}

/** Where the elements of an array are in its data. */
export interface Strided {
  readonly shape: readonly number[];
  /** The distance of neighbours in each dimension, in elements. */
  readonly strides: readonly number[];
  /** The index of the first element. */
  readonly start: number;
}

/**
 * Copies elements from where strides say they are, the last dimension fastest. They are copied as whole numbers, so that
 * every bit of a NaN stays as it is.
 */
export function gatherElements(
  source: { readonly data: NumericArray['data']; readonly lanes: number },
  { shape, strides, start }: Strided,
  target: NumericArray['data'],
): void {
  const { words: from, perEntry } = wordsOf(source.data);
  const { words: to } = wordsOf(target);
  const lanes = source.lanes * perEntry;
  const inner = shape.at(-1) ?? 1;
  const innerStride = (strides.at(-1) ?? 1) * lanes;
  const counters = shape.slice(0, -1).map(() => 0);
  let base = start * lanes;
  for (let written = 0; written < to.length;) {
    for (let index = 0, at = base; index < inner; index += 1, at += innerStride)
      for (let lane = 0; lane < lanes; lane += 1) to[written++] = from[at + lane] as number;
    for (let dimension = counters.length - 1; dimension >= 0; dimension -= 1) {
      const step = (strides[dimension] ?? 0) * lanes;
      const next = (counters[dimension] ?? 0) + 1;
      base += step;
      counters[dimension] = next;
      if (next < (shape[dimension] ?? 0)) break;
      base -= step * next;
      counters[dimension] = 0;
    }
  }
}

type Words = Uint8Array | Uint16Array | Uint32Array;

/** The same memory as unsigned integers of at most 32 bits, and how many of them make one entry. */
function wordsOf({ buffer, byteOffset, byteLength, BYTES_PER_ELEMENT: unit }: NumericArray['data']): {
  readonly words: Words;
  readonly perEntry: number;
} {
  if (unit === 1) return { words: new Uint8Array(buffer, byteOffset, byteLength), perEntry: 1 };
  if (unit === 2) return { words: new Uint16Array(buffer, byteOffset, byteLength / 2), perEntry: 1 };
  return { words: new Uint32Array(buffer, byteOffset, byteLength / 4), perEntry: unit / 4 };
}
