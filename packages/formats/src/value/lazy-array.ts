import { InvalidValueError } from '@holdfast/domain';
import type { ByteRangeSource } from '../source/byte-range-source.ts';
import { fillExactly, readExactly } from '../source/read-exactly.ts';
import { tagOf, whatIs } from '../what-is.ts';
import { checkCount } from './check-value.ts';
import {
  type ByteOrder,
  elementBytes,
  elementsOfBytes,
  hostByteOrder,
  swapBytes,
  swapUnit,
} from './element-bytes.ts';
import { type ElementData, type ElementType, elementLayout } from './element-type.ts';
import type { LazyArray, PiecesOptions, ReadValueOptions } from './lazy-value.ts';
import type { ElementOrder, NumericArray } from './value.ts';

/** What makes an array readable. */
export interface LazyArrayDetails {
  readonly name: string;
  readonly dtype: ElementType;
  readonly shape: readonly number[];
  readonly order: ElementOrder;
  readonly typeText: string;
  readonly unit?: string | undefined;
  readonly byteOrder: ByteOrder;
  /** Opens the bytes of its elements, and no others. Called once for each reading. */
  open(signal: AbortSignal | undefined): Promise<ByteRangeSource> | ByteRangeSource;
  /** Begins a check of the bytes, as they are in the file, for a reading of the whole array. */
  readonly verify?: (() => ByteCheck) | undefined;
}

/** A check of bytes that come in pieces. */
export interface ByteCheck {
  update(bytes: Uint8Array): void;
  /** @throws FormatError where the bytes are not the right ones. */
  end(): void;
}

const defaultPieceBytes = 1024 * 1024;

/** An array whose elements follow each other in a source. */
export function lazyArray(details: LazyArrayDetails): LazyArray {
  const { name, dtype, shape, order, typeText, unit } = details;
  const sizeBytes = elementBytes(dtype, product(shape));
  return {
    kind: 'numeric',
    name,
    dtype,
    shape,
    order,
    typeText,
    sizeBytes,
    unit,
    read: (options) => readArray(details, options),
    pieces: (options) => pieces(details, { ...options, sizeBytes }),
  };
}

/** The number of elements of a shape that was checked. */
export function product(shape: readonly number[]): number {
  let count = 1;
  for (const extent of shape) count *= extent;
  return count;
}

async function readArray(details: LazyArrayDetails, options: ReadValueOptions = {}): Promise<NumericArray> {
  const { dtype, order, unit, byteOrder } = details;
  const { shape, offset, length } = partOf(details, options.part);
  if (options.into !== undefined) checkTarget(dtype, options.into, length);
  const source = await details.open(options.signal);
  const range = { offset, length, signal: options.signal };
  const data =
    options.into === undefined
      ? await readFresh(details, source, range)
      : await readInto(details, source, { ...range, into: options.into });
  if (options.into !== undefined && byteOrder !== hostByteOrder && swapUnit(dtype) > 1)
    swapBytes(viewOf(options.into), swapUnit(dtype));
  return { kind: 'numeric', dtype, shape, order, data, ...(unit === undefined ? {} : { unit }) };
}

interface Range {
  readonly offset: number;
  readonly length: number;
  readonly signal: AbortSignal | undefined;
}

async function readFresh(
  details: LazyArrayDetails,
  source: ByteRangeSource,
  range: Range,
): Promise<ElementData> {
  const bytes = await readExactly(source, range);
  checkWhole(details, bytes, source.sizeBytes);
  return elementsOfBytes(details.dtype, bytes, details.byteOrder);
}

async function readInto(
  details: LazyArrayDetails,
  source: ByteRangeSource,
  range: Range & { readonly into: ElementData },
): Promise<ElementData> {
  const target = viewOf(range.into);
  await fillExactly(source, target, range);
  checkWhole(details, target, source.sizeBytes);
  return range.into;
}

function checkWhole(details: LazyArrayDetails, bytes: Uint8Array, sizeBytes: number): void {
  if (details.verify === undefined || bytes.byteLength !== sizeBytes) return;
  const check = details.verify();
  check.update(bytes);
  check.end();
}

function partOf(
  { name, dtype, shape, order }: LazyArrayDetails,
  part: ReadValueOptions['part'],
): { readonly shape: readonly number[]; readonly offset: number; readonly length: number } {
  if (part === undefined) return { shape, offset: 0, length: elementBytes(dtype, product(shape)) };
  const slowest = order === 'row-major' ? 0 : shape.length - 1;
  const extent = shape[slowest];
  const { start, count } = part ?? {};
  const isWhole = Number.isSafeInteger(start) && Number.isSafeInteger(count) && start >= 0 && count >= 0;
  if (typeof start !== 'number' || typeof count !== 'number')
    throw new InvalidValueError({
      field: 'part',
      value: whatIs(part),
      reason: 'must be { start, count }, two whole numbers',
    });
  if (extent === undefined || !isWhole || start + count > extent) {
    const reason = `reaches outside of the ${extent ?? 0} entries of ${name === '' ? 'the array' : name}`;
    throw new InvalidValueError({ field: 'part', value: `${start}+${count}`, reason });
  }
  const bits = elementLayout(dtype).bits * product(shape.with(slowest, 1));
  if ((bits * start) % 8 !== 0 || (bits * count) % 8 !== 0) {
    const reason = `does not begin and end at whole bytes of the packed type ${dtype}`;
    throw new InvalidValueError({ field: 'part', value: `${start}+${count}`, reason });
  }
  return { shape: shape.with(slowest, count), offset: (bits * start) / 8, length: (bits * count) / 8 };
}

function checkTarget(dtype: ElementType, into: ElementData, dueBytes: number): void {
  const { array, arrayName } = elementLayout(dtype);
  if (ArrayBuffer.isView(into) && tagOf(into) === arrayName && into.byteLength === dueBytes) return;
  const due = `${arrayName} of ${dueBytes / array.BYTES_PER_ELEMENT} entries`;
  throw new InvalidValueError({ field: 'into', value: whatIs(into), reason: `must be a ${due}` });
}

async function* pieces(
  details: LazyArrayDetails,
  options: PiecesOptions & { readonly sizeBytes: number },
): AsyncGenerator<Uint8Array> {
  const { signal, sizeBytes, pieceBytes = defaultPieceBytes } = options;
  checkCount('pieceBytes', pieceBytes);
  const unit = swapUnit(details.dtype);
  const isSwapped = details.byteOrder === 'big' && unit > 1;
  const wanted = Math.max(pieceBytes, unit);
  const buffer = new Uint8Array(Math.min(sizeBytes, wanted - (wanted % unit)));
  const source = await details.open(signal);
  const check = details.verify?.();
  for (let offset = 0; offset < sizeBytes; offset += buffer.byteLength) {
    const piece = buffer.subarray(0, Math.min(buffer.byteLength, sizeBytes - offset));
    await fillExactly(source, piece, { offset, signal });
    check?.update(piece);
    if (offset + piece.byteLength === sizeBytes) check?.end();
    if (isSwapped) swapBytes(piece, unit);
    yield piece;
  }
}

function viewOf(data: ElementData): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
