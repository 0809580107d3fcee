import { swapBytes } from '../value/element-bytes.ts';
import { BitStream } from './bit-stream.ts';
import { hdf5Error, hdf5Unsupported } from './hdf5-error.ts';

const headBytes = 21;
const floatByDecimals = 0;
const integers = 2;

/** What the parameters of the filter say. */
interface Form {
  readonly scaleType: number;
  readonly factor: number;
  readonly count: number;
  readonly isFloat: boolean;
  readonly itemBytes: number;
  readonly isSigned: boolean;
  readonly isBigEndian: boolean;
  /** The bits of the fill value, the lowest word first. */
  readonly fill: readonly number[] | undefined;
}

/**
 * Undoes the filter `scaleoffset`: differences from the least element in as few bits as they need, of floats after they were
 * made whole by a power of ten.
 *
 * @throws FormatError when the bytes are too few, or the scaling is one that HDF5 does not know either.
 */
export function undoScaleOffset(
  bytes: Uint8Array,
  {
    parameters,
    at,
    mostBytes,
  }: { readonly parameters: readonly number[]; readonly at: number; readonly mostBytes: number },
): Uint8Array {
  const form = formOf(parameters, at);
  const { scaleType, factor, itemBytes, count } = form;
  if (scaleType === integers && factor === itemBytes * 8) return bytes;
  const sizeBytes = count * itemBytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < headBytes || sizeBytes > mostBytes)
    throw hdf5Error('a chunk of scaleoffset has not the bytes that are due', at);
  const bits = view.getUint32(0, true);
  const isWhole = bits === itemBytes * 8;
  if (bits > itemBytes * 8 || headBytes + Math.ceil((count * bits) / 8) > bytes.length)
    throw hdf5Error('a chunk of scaleoffset has not the bytes that are due', at);
  const target = isWhole ? bytes.slice(headBytes, headBytes + sizeBytes) : new Uint8Array(sizeBytes);
  if (!isWhole) {
    const least = new Uint8Array(8);
    least.set(bytes.subarray(5, 5 + Math.min(8, bytes[4] ?? 0)));
    const packed = { bits, least: new DataView(least.buffer), stream: new BitStream(bytes, headBytes) };
    if (form.isFloat) unpackFloats(target, packed, form);
    else if (itemBytes === 8) unpackLong(target, packed, form);
    else unpackIntegers(target, packed, form);
  }
  if (form.isBigEndian) swapBytes(target, itemBytes);
  return target;
}

function formOf(parameters: readonly number[], at: number): Form {
  const [scaleType = 0, factor = 0, count = 0, kind = 0, itemBytes = 0, sign = 0, order = 0, hasFill = 0] =
    parameters;
  const isFloat = kind === 1;
  const isKnownSize = isFloat ? itemBytes === 4 || itemBytes === 8 : [1, 2, 4, 8].includes(itemBytes);
  if (!isKnownSize || scaleType !== (isFloat ? floatByDecimals : integers))
    throw hdf5Unsupported('a scaling of the filter scaleoffset is not known', at);
  const fill = hasFill === 1 ? parameters.slice(8, 10) : undefined;
  const facts = { scaleType, factor: factor | 0, count, isFloat, itemBytes };
  return { ...facts, isSigned: sign === 1, isBigEndian: order === 1, fill };
}

interface Packed {
  readonly bits: number;
  readonly least: DataView;
  readonly stream: BitStream;
}

function unpackIntegers(target: Uint8Array, { bits, least, stream }: Packed, form: Form): void {
  const { itemBytes, count } = form;
  const base = least.getUint32(0, true);
  const [fill] = form.fill ?? [];
  const absent = 2 ** bits - 1;
  for (let index = 0, at = 0; index < count; index += 1) {
    const difference = stream.take(bits);
    let value = fill !== undefined && difference === absent ? fill : base + difference;
    for (let byte = 0; byte < itemBytes; byte += 1, value = Math.floor(value / 256))
      target[at++] = value % 256;
  }
}

function unpackLong(target: Uint8Array, { bits, least, stream }: Packed, form: Form): void {
  const view = new DataView(target.buffer, target.byteOffset, target.byteLength);
  const base = least.getBigUint64(0, true);
  const fill = form.fill && wordsOf(form.fill);
  const absent = 2n ** BigInt(bits) - 1n;
  for (let index = 0; index < form.count; index += 1) {
    const difference = stream.takeBig(bits);
    const value = fill !== undefined && difference === absent ? fill : base + difference;
    view.setBigUint64(8 * index, BigInt.asUintN(64, value), true);
  }
}

/** In the arithmetic of the element type, as the library does. */
function unpackFloats(target: Uint8Array, { bits, least, stream }: Packed, form: Form): void {
  const view = new DataView(target.buffer, target.byteOffset, target.byteLength);
  const isSingle = form.itemBytes === 4;
  const rounded = isSingle ? Math.fround : Number;
  const base = isSingle ? least.getFloat32(0, true) : least.getFloat64(0, true);
  const scale = rounded(10 ** form.factor);
  const fill = form.fill && wordsOf(form.fill);
  const absent = 2n ** BigInt(bits) - 1n;
  for (let index = 0; index < form.count; index += 1) {
    const difference = stream.takeBig(bits);
    const value = rounded(rounded(rounded(Number(difference)) / scale) + base);
    if (fill !== undefined && difference === absent) {
      if (isSingle) view.setUint32(4 * index, Number(fill & 0xffff_ffffn), true);
      else view.setBigUint64(8 * index, fill, true);
    } else if (isSingle) view.setFloat32(4 * index, value, true);
    else view.setFloat64(8 * index, value, true);
  }
}

function wordsOf([low = 0, high = 0]: readonly number[]): bigint {
  return (BigInt(high) << 32n) | BigInt(low);
}
