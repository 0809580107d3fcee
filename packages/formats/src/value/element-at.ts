import { decodeFloat } from './decode-float.ts';
import { type ElementData, type ElementType, elementLayout } from './element-type.ts';
import type { NumericArray } from './value.ts';

/** A complex number. */
export interface ComplexNumber {
  readonly real: number;
  readonly imaginary: number;
}

/** One element of a numeric array as JavaScript has it. */
export type Element = number | bigint | boolean | ComplexNumber | Uint8Array;

/**
 * The element at an index of the data: a number, a bigint for 64-bit integers and times, a boolean, a complex number, or
 * the bytes of a type that no number of JavaScript holds exactly (`float128` and its kin).
 */
export function elementAt({ dtype, data }: Pick<NumericArray, 'dtype' | 'data'>, index: number): Element {
  const { bits, lanes, array } = elementLayout(dtype);
  if (bits < 8) return decodeFloat(dtype, packedBits(data as Uint8Array, bits, index)) ?? Number.NaN;
  if (lanes > 2) return (data as Uint8Array).subarray(index * lanes, (index + 1) * lanes);
  if (lanes === 2) return { real: part(dtype, data, 2 * index), imaginary: part(dtype, data, 2 * index + 1) };
  if (dtype === 'bool') return data[index] !== 0;
  if (array.BYTES_PER_ELEMENT === 8 && typeof data[index] === 'bigint') return data[index];
  return part(dtype, data, index);
}

function part(dtype: ElementType, data: ElementData, index: number): number {
  const value = Number(data[index]);
  return decodeFloat(dtype, value) ?? value;
}

/** Elements of fewer than 8 bits follow each other from the lowest bit of the first byte on. */
function packedBits(bytes: Uint8Array, bits: number, index: number): number {
  const position = index * bits;
  const byte = Math.floor(position / 8);
  const word = (bytes[byte] ?? 0) | ((bytes[byte + 1] ?? 0) << 8);
  return (word >> (position % 8)) & (2 ** bits - 1);
}
