import { InvalidValueError } from '@holdfast/domain';
import { concatenateBytes } from '../source/concatenate-bytes.ts';
import { shapeElementCount } from '../tensor/shape-element-count.ts';
import { parseNumpyDtype } from './numpy-dtype.ts';

/** An array to write as `.npy`. */
export interface NpyArray {
  /** A simple element type, such as `<f4`, `<i8`, `|b1` or `<U8`. Python objects are not written. */
  readonly dtype: string;
  /** Extent of each dimension; empty for a scalar. */
  readonly shape: readonly number[];
  /** The elements, exactly as long as the shape needs. */
  readonly data: Uint8Array;
  /** Whether the first dimension varies fastest. @default false */
  readonly isFortranOrder?: boolean;
}

const alignmentBytes = 64;
const longestVersion1Header = 65_535;

/**
 * Writes one array as NumPy does: version 1.0, or 2.0 where the header is too long for that, with
 * the data aligned to 64 bytes.
 *
 * @throws InvalidValueError for an unknown element type, one of Python objects, or data of the wrong length.
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html for the format
 */
export function encodeNpy(array: NpyArray): Uint8Array {
  check(array);
  const shape = array.shape.length === 1 ? `(${array.shape[0]},)` : `(${array.shape.join(', ')})`;
  const order = array.isFortranOrder === true ? 'True' : 'False';
  const literal = `{'descr': '${array.dtype}', 'fortran_order': ${order}, 'shape': ${shape}, }`;
  const isShort = literal.length + 10 + alignmentBytes <= longestVersion1Header;
  const prefixBytes = isShort ? 10 : 12;
  const dataStart = Math.ceil((prefixBytes + literal.length + 1) / alignmentBytes) * alignmentBytes;
  const textBytes = dataStart - prefixBytes;
  const head = new Uint8Array(dataStart).fill(0x20);
  head.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, isShort ? 1 : 2, 0]);
  const view = new DataView(head.buffer);
  if (isShort) view.setUint16(8, textBytes, true);
  else view.setUint32(8, textBytes, true);
  head.set(new TextEncoder().encode(literal), prefixBytes);
  head[dataStart - 1] = 0x0a;
  return concatenateBytes([head, array.data]);
}

function check(array: NpyArray): void {
  const dtype = parseNumpyDtype(array.dtype);
  if (typeof dtype === 'string' || dtype.hasObjects) {
    throw new InvalidValueError({
      field: 'dtype',
      value: array.dtype,
      reason:
        typeof dtype === 'string'
          ? `is refused: ${dtype}`
          : 'is a type of Python objects, which are not written',
      hint: 'Give a type such as <f4, <i8 or |b1.',
    });
  }
  const count = shapeElementCount(array.shape);
  if (count === undefined)
    throw new InvalidValueError({ field: 'shape', value: array.shape, reason: 'is out of range' });
  if (count * dtype.itemBytes !== array.data.byteLength) {
    throw new InvalidValueError({
      field: 'data',
      value: array.data.byteLength,
      reason: `is not the ${count * dtype.itemBytes} bytes that the shape needs`,
    });
  }
}
