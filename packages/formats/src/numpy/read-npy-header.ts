import { DetailLimit } from '../detail-limit.ts';
import { FormatError } from '../format-error.ts';
import type { BoundedReader } from '../source/bounded-reader.ts';
import { shapeElementCount } from '../tensor/shape-element-count.ts';
import type { TensorDescription } from '../tensor/tensor-description.ts';
import { type NumpyDtype, parseNumpyDtype, shapeOf } from './numpy-dtype.ts';
import { type PythonLiteral, PythonLiteralParser } from './python-literal.ts';

/** The header of a NumPy array file. */
export interface NpyHeader {
  readonly version: string;
  readonly dtype: NumpyDtype;
  readonly shape: readonly number[];
  /** Whether the first dimension varies fastest. */
  readonly isFortranOrder: boolean;
  /** Bytes before the data. */
  readonly dataStart: number;
  /** Bytes that the data takes; `undefined` for objects, whose pickle has no stated length, and unknown types. */
  readonly dataBytes: number | undefined;
}

/** The longest header that is read. NumPy itself refuses more than 10,000 bytes unless told to trust. */
export const maximumNpyHeaderBytes: number = 1024 * 1024;

/** The bytes that tell how long the header is. */
export const npyPrefixBytes = 12;

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
const hint = 'The file is cut short or damaged: fetch it again, or write it again with numpy.save.';

/** Whether some bytes begin with the signature of a NumPy array file. */
function hasNpyMagic(head: Uint8Array): boolean {
  return magic.every((byte, index) => head[index] === byte);
}

/**
 * Reads the header of a `.npy` file, versions 1 to 3. Gives `undefined` for other content.
 *
 * @throws FormatError when the header breaks the rules of the format.
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html for the format
 */
export async function readNpyHeader(reader: BoundedReader): Promise<NpyHeader | undefined> {
  const head = await reader.read(0, npyPrefixBytes);
  if (!hasNpyMagic(head)) return undefined;
  const [major, minor] = [head[6], head[7]];
  if (major === undefined || minor === undefined)
    throw npyError('the file ends before the version', head.length);
  if (major < 1 || major > 3 || minor !== 0)
    throw limit(`version ${major}.${minor} of the format is not known`);
  const textStart = major === 1 ? 10 : 12;
  if (head.length < textStart) throw npyError('the file ends before the length of the header', head.length);
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const textBytes = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const dataStart = textStart + textBytes;
  if (dataStart > reader.sizeBytes) throw npyError('the file ends within the header', reader.sizeBytes);
  if (textBytes > maximumNpyHeaderBytes)
    throw limit(`the header has ${textBytes} bytes, and ${maximumNpyHeaderBytes} are read at most`);
  const text = decode(await reader.read(textStart, textBytes), { major, textStart });
  return { version: `${major}.${minor}`, dataStart, ...parseHeader(text, { major, textStart }) };
}

/** Checks that the data of an array is all there. */
export function checkNpyData(header: NpyHeader, sizeBytes: number): void {
  if (header.dataBytes === undefined || header.dataStart + header.dataBytes <= sizeBytes) return;
  throw npyError(
    `the data needs ${header.dataBytes} bytes and the file has ${sizeBytes - header.dataStart}`,
    sizeBytes,
  );
}

/** Describes the array of a header as a tensor. */
export function describeNpy(name: string, header: NpyHeader): TensorDescription {
  const { dtype, shape, dataStart, dataBytes } = header;
  return {
    name,
    dtype: dtype.text,
    ...(dtype.elementType === undefined ? {} : { elementType: dtype.elementType }),
    shape,
    ...(dataBytes === undefined ? {} : { byteRange: { start: dataStart, end: dataStart + dataBytes } }),
  };
}

function limit(reason: string): DetailLimit {
  return new DetailLimit({ reason, format: 'numpy' });
}

/** An error of this format. */
export function npyError(reason: string, offset: number): FormatError {
  return new FormatError({ format: 'numpy', offset, reason, hint });
}

/** An error for an array that NumPy reads and this package does not. */
export function npyUnsupported(
  reason: string,
  offset: number,
  format: 'numpy' | 'numpy_archive' = 'numpy',
): FormatError {
  const way = 'Convert it in Python to an array of numbers or texts, and save that.';
  return new FormatError({ format, offset, reason, hint: way, isUnsupported: true });
}

function decode(bytes: Uint8Array, place: { readonly major: number; readonly textStart: number }): string {
  if (place.major < 3) return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw npyError('the header is not valid UTF-8', place.textStart);
  }
}

function parseHeader(
  text: string,
  { major, textStart }: { readonly major: number; readonly textStart: number },
): Omit<NpyHeader, 'version' | 'dataStart'> {
  const parser = new PythonLiteralParser(text, (reason, index) => {
    const bytesBefore = major < 3 ? index : new TextEncoder().encode(text.slice(0, index)).length;
    return npyError(`in the header, ${reason}`, textStart + bytesBefore);
  });
  const literal = parser.parse();
  if (!(literal instanceof Map)) throw npyError('the header is not a dictionary', textStart);
  const entries: ReadonlyMap<string, PythonLiteral> = literal;
  const descr = entries.get('descr');
  const isFortranOrder = entries.get('fortran_order');
  const shape = shapeOfEntry(entries.get('shape'));
  if (
    entries.size !== 3 ||
    descr === undefined ||
    typeof isFortranOrder !== 'boolean' ||
    shape === undefined
  ) {
    throw npyError(
      'the header does not state descr, fortran_order and shape, each once and of its kind',
      textStart,
    );
  }
  const dtype = parseNumpyDtype(descr);
  if (typeof dtype === 'string') throw npyError(dtype, textStart);
  const dataBytes = (shapeElementCount(shape) ?? Number.NaN) * dtype.itemBytes;
  if (!Number.isSafeInteger(dataBytes)) throw npyError('the shape overflows', textStart);
  const hasSize = !dtype.hasObjects && dtype.isUnknown !== true;
  return { dtype, shape, isFortranOrder, dataBytes: hasSize ? dataBytes : undefined };
}

function shapeOfEntry(literal: PythonLiteral | undefined): number[] | undefined {
  return literal === undefined || typeof literal === 'number' ? undefined : shapeOf(literal);
}
