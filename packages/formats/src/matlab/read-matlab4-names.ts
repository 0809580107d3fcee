import { FormatError } from '../format-error.ts';
import type { BoundedReader } from '../source/bounded-reader.ts';

/** The matrices of a MATLAB 4 file. */
export interface Matlab4Outline {
  readonly byteOrder: 'little' | 'big';
  readonly names: readonly string[];
  /** Whether there are more matrices than were looked at. */
  readonly hasMore: boolean;
}

interface Record4 {
  readonly name: string;
  readonly end: number;
}

const recordHeaderBytes = 20;
const longestNameBytes = 64;
const maximumRecords = 1000;
/** Bytes of an element by the third digit of the type. */
const elementBytes = [8, 4, 4, 2, 2, 1];
const convincingNameLength = 3;

/**
 * Walks the matrices of a MATLAB 4 file, which has no signature: each must have a possible type, a
 * real name, and end where the next begins, the last at the end of the file. `undefined` for other
 * content.
 *
 * @throws FormatError when the last matrix breaks off and what comes before leaves no doubt.
 * @see https://www.mathworks.com/help/pdf_doc/matlab/matfile_format.pdf for the format
 */
export async function readMatlab4Names(reader: BoundedReader): Promise<Matlab4Outline | undefined> {
  const names: string[] = [];
  let isLittle: boolean | undefined;
  let position = 0;
  while (position < reader.sizeBytes && names.length < maximumRecords) {
    const head = await reader.read(position, recordHeaderBytes + longestNameBytes);
    isLittle ??= byteOrderOf(head);
    const record = isLittle === undefined ? undefined : parseRecord(head, position, isLittle);
    if (record === undefined) return undefined;
    if (record.end > reader.sizeBytes) {
      if (names.length === 0 && record.name.length < convincingNameLength) return undefined;
      throw new FormatError({
        format: 'matlab',
        offset: reader.sizeBytes,
        reason: `matrix ${record.name} needs ${record.end - reader.sizeBytes} bytes more than there are`,
        hint: 'The file is cut short: fetch it again, or save it again.',
      });
    }
    names.push(record.name);
    position = record.end;
  }
  if (isLittle === undefined) return undefined;
  return { names, byteOrder: isLittle ? 'little' : 'big', hasMore: position < reader.sizeBytes };
}

/** The type is at most 4 digits, the first of which names the byte order. */
function byteOrderOf(head: Uint8Array): boolean | undefined {
  if (head.length < recordHeaderBytes) return undefined;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (Math.floor(view.getUint32(0, true) / 1000) === 0) return true;
  return Math.floor(view.getUint32(0, false) / 1000) === 1 ? false : undefined;
}

function parseRecord(head: Uint8Array, position: number, isLittle: boolean): Record4 | undefined {
  if (head.length < recordHeaderBytes) return undefined;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const [type = 0, rows = 0, columns = 0, imaginary = 0, nameBytes = 0] = [0, 4, 8, 12, 16].map((at) =>
    view.getUint32(at, isLittle),
  );
  const [order, reserved, precision, kind] = [1000, 100, 10, 1].map((unit) => Math.floor(type / unit) % 10);
  const bytes = elementBytes[precision ?? -1];
  const isPossible = order === (isLittle ? 0 : 1) && reserved === 0 && (kind ?? 9) <= 2 && imaginary <= 1;
  if (!isPossible || type > 9999 || bytes === undefined || nameBytes < 2 || nameBytes > longestNameBytes)
    return undefined;
  const name = String.fromCharCode(...head.subarray(recordHeaderBytes, recordHeaderBytes + nameBytes));
  if (!/^[A-Za-z][A-Za-z0-9_]*\0+$/.test(name)) return undefined;
  const dataBytes = rows * columns * bytes * (1 + imaginary);
  return { name: name.replace(/\0+$/, ''), end: position + recordHeaderBytes + nameBytes + dataBytes };
}
