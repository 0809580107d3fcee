import { makeElements } from './element-bytes.ts';
import { elementLayout } from './element-type.ts';
import type { NumericArray } from './value.ts';

/** The same array with the last dimension varying fastest; itself where it is so already. */
export function toRowMajor(array: NumericArray): NumericArray {
  const { shape, order, dtype, data } = array;
  if (order === 'row-major' || shape.filter((extent) => extent !== 1).length < 2 || data.length === 0)
    return { ...array, order: 'row-major' };
  const strides: number[] = [];
  let stride = 1;
  for (const extent of shape) {
    strides.push(stride);
    stride *= extent;
  }
  const target = makeElements(dtype, stride);
  gatherElements({ data, lanes: elementLayout(dtype).lanes }, { shape, strides, start: 0 }, target);
  return { ...array, order: 'row-major', data: target };
}

/** Where the elements of an array are in its data. */
export interface Strided {
  readonly shape: readonly number[];
  /** The distance of neighbours in each dimension, in elements. */
  readonly strides: readonly number[];
  /** The index of the first element. */
  readonly start: number;
}

/** Copies elements from where strides say they are, the last dimension fastest. */
export function gatherElements(
  source: { readonly data: NumericArray['data']; readonly lanes: number },
  { shape, strides, start }: Strided,
  target: NumericArray['data'],
): void {
  const { data, lanes } = source;
  const from = data as unknown as { [index: number]: number };
  const to = target as unknown as { [index: number]: number };
  const inner = shape.at(-1) ?? 1;
  const innerStride = (strides.at(-1) ?? 1) * lanes;
  const counters = shape.slice(0, -1).map(() => 0);
  let base = start * lanes;
  for (let written = 0; written < target.length;) {
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
