import { InvalidValueError } from '@holdfast/domain';
import { concatenateBytes } from '../source/concatenate-bytes.ts';
import { checkBytes, checkShape, checkText, checkValue } from '../value/check-value.ts';
import type { Value } from '../value/value.ts';
import type { NpyArray } from './npy-array.ts';
import { parseNumpyDtype, pythonTuple, quotedPython } from './numpy-dtype.ts';
import { PythonLiteralParser } from './python-literal.ts';
import { toNpyArray } from './to-npy-array.ts';

const alignmentBytes = 64;
const longestVersion1Header = 65_535;

/**
 * Writes one array as NumPy does: version 1.0, 2.0 where the header is too long for that, or 3.0 where it names fields
 * outside of ASCII, with the data aligned to 64 bytes.
 *
 * @throws InvalidValueError for an unknown element type, one of Python objects, data of the wrong length, or a value
 *   that NumPy could only store as Python objects.
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html for the format
 */
export function encodeNpy(array: NpyArray | Value): Uint8Array {
  return concatenateBytes(npyPieces(array));
}

/**
 * The pieces of the file that {@link encodeNpy} writes, in order: the header, and the data without a copy.
 *
 * @throws InvalidValueError as {@link encodeNpy} does.
 */
export function npyPieces(array: NpyArray | Value): readonly [Uint8Array, Uint8Array] {
  return namedPieces(array, 'array');
}

/** The same, with the name of the array for errors. */
export function namedPieces(array: NpyArray | Value, name: string): readonly [Uint8Array, Uint8Array] {
  const raw = isRaw(array, name) ? array : toNpyArray(array, name);
  check(raw, name);
  return [npyHead(raw), raw.data];
}

function isRaw(array: NpyArray | Value, name: string): array is NpyArray {
  const given: unknown = array;
  if (typeof given === 'object' && given !== null && 'dtype' in given && !('kind' in given)) return true;
  checkValue(given, name);
  return false;
}

/** The bytes before the data of an array. */
function npyHead(array: Omit<NpyArray, 'data'>): Uint8Array {
  const descr = array.dtype.startsWith('[') ? array.dtype : quotedPython(array.dtype);
  const order = array.isFortranOrder === true ? 'True' : 'False';
  const text = `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${pythonTuple(array.shape)}, }`;
  const literal = new TextEncoder().encode(text);
  const isAscii = literal.length === text.length;
  const isShort = isAscii && literal.length + 10 + alignmentBytes <= longestVersion1Header;
  const prefixBytes = isShort ? 10 : 12;
  const dataStart = Math.ceil((prefixBytes + literal.length + 1) / alignmentBytes) * alignmentBytes;
  const textBytes = dataStart - prefixBytes;
  const head = new Uint8Array(dataStart).fill(0x20);
  head.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, isShort ? 1 : isAscii ? 2 : 3, 0]);
  const view = new DataView(head.buffer);
  if (isShort) view.setUint16(8, textBytes, true);
  else view.setUint32(8, textBytes, true);
  head.set(literal, prefixBytes);
  head[dataStart - 1] = 0x0a;
  return head;
}

function check(array: NpyArray, name: string): void {
  checkText(array.dtype, `${name}.dtype`);
  const dtype = parseText(array.dtype);
  if (typeof dtype === 'string' || dtype.hasObjects || dtype.isUnknown) {
    throw new InvalidValueError({
      field: `${name}.dtype`,
      value: array.dtype,
      reason:
        typeof dtype === 'string'
          ? `is refused: ${dtype}`
          : 'is a type of Python objects, or not known, and not written',
      hint: 'Give a type such as <f4, <i8 or |b1.',
    });
  }
  const dueBytes = checkShape(array.shape, name) * dtype.itemBytes;
  checkBytes(array.data, dueBytes, `${name}.data`);
}

function parseText(text: string): ReturnType<typeof parseNumpyDtype> {
  if (!text.startsWith('[')) return parseNumpyDtype(text);
  return parseNumpyDtype(new PythonLiteralParser(text, (reason) => refusal(text, reason)).parse());
}

function refusal(value: string, reason: string): InvalidValueError {
  return new InvalidValueError({ field: 'dtype', value, reason: `is not a list of fields: ${reason}` });
}
