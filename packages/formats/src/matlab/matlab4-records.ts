import type { BoundedReader } from '../source/bounded-reader.ts';
import type { ByteOrder } from '../value/element-bytes.ts';
import type { ElementType } from '../value/element-type.ts';
import { matlabError } from './matlab-error.ts';

/** A matrix of a MATLAB 4 file. */
export interface Matlab4Record {
  readonly name: string;
  readonly kind: 'full' | 'text' | 'sparse';
  /** The type that its elements are stored in. */
  readonly dtype: ElementType;
  readonly rows: number;
  readonly columns: number;
  readonly isComplex: boolean;
  readonly dataStart: number;
  /** Where the next matrix begins. */
  readonly end: number;
}

/** The matrices of a MATLAB 4 file. */
export interface Matlab4Outline {
  readonly byteOrder: ByteOrder;
  readonly records: readonly Matlab4Record[];
  /** Whether there are more matrices than were looked at. */
  readonly hasMore: boolean;
}

const recordHeaderBytes = 20;
const longestNameBytes = 64;
const convincingNameLength = 3;
/** By the third digit of the type. */
const elementTypes: readonly ElementType[] = ['float64', 'float32', 'int32', 'int16', 'uint16', 'uint8'];
const bytesOf: readonly number[] = [8, 4, 4, 2, 2, 1];
const kinds = ['full', 'text', 'sparse'] as const;

/**
 * Walks the matrices of a MATLAB 4 file, which has no signature: each must have a possible type, a
 * real name, and end where the next begins, the last at the end of the file. `undefined` for other
 * content.
 *
 * @throws FormatError when the last matrix breaks off and what comes before leaves no doubt.
 * @see https://www.mathworks.com/help/pdf_doc/matlab/matfile_format.pdf for the format
 */
export async function readMatlab4Records(
  reader: BoundedReader,
  mostRecords = 1000,
): Promise<Matlab4Outline | undefined> {
  const records: Matlab4Record[] = [];
  let isLittle: boolean | undefined;
  let position = 0;
  while (position < reader.sizeBytes && records.length < mostRecords) {
    const head = await reader.read(position, recordHeaderBytes + longestNameBytes);
    isLittle ??= byteOrderOf(head);
    const record = isLittle === undefined ? undefined : parseRecord(head, position, isLittle);
    if (record === undefined) return undefined;
    if (record.end > reader.sizeBytes) {
      if (records.length === 0 && record.name.length < convincingNameLength) return undefined;
      const missing = record.end - reader.sizeBytes;
      throw matlabError(
        `matrix ${record.name} needs ${missing} ${missing === 1 ? 'byte' : 'bytes'} more than there are`,
        reader.sizeBytes,
      );
    }
    records.push(record);
    position = record.end;
  }
  if (isLittle === undefined) return undefined;
  return { records, byteOrder: isLittle ? 'little' : 'big', hasMore: position < reader.sizeBytes };
}

/** The type is at most 4 digits, the first of which names the byte order. */
function byteOrderOf(head: Uint8Array): boolean | undefined {
  if (head.length < recordHeaderBytes) return undefined;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (Math.floor(view.getUint32(0, true) / 1000) === 0) return true;
  return Math.floor(view.getUint32(0, false) / 1000) === 1 ? false : undefined;
}

function parseRecord(head: Uint8Array, position: number, isLittle: boolean): Matlab4Record | undefined {
  if (head.length < recordHeaderBytes) return undefined;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const [type = 0, rows = 0, columns = 0, imaginary = 0, nameBytes = 0] = [0, 4, 8, 12, 16].map((at) =>
    view.getUint32(at, isLittle),
  );
  const [order, reserved, precision = -1, kindDigit = -1] = [1000, 100, 10, 1].map(
    (unit) => Math.floor(type / unit) % 10,
  );
  const [bytes, dtype, kind] = [bytesOf[precision], elementTypes[precision], kinds[kindDigit]];
  const isPossible = order === (isLittle ? 0 : 1) && reserved === 0 && imaginary <= 1 && type <= 9999;
  if (!isPossible || nameBytes < 2 || nameBytes > longestNameBytes) return undefined;
  if (bytes === undefined || dtype === undefined || kind === undefined) return undefined;
  const name = String.fromCharCode(...head.subarray(recordHeaderBytes, recordHeaderBytes + nameBytes));
  if (!/^[A-Za-z][A-Za-z0-9_]*\0+$/.test(name)) return undefined;
  const dataStart = position + recordHeaderBytes + nameBytes;
  return {
    name: name.replace(/\0+$/, ''),
    kind,
    dtype,
    rows,
    columns,
    isComplex: imaginary === 1,
    dataStart,
    end: dataStart + rows * columns * bytes * (1 + imaginary),
  };
}
