import type { SerializationFormat } from '@holdfast/domain';
import type { BoundedReader } from '../source/bounded-reader.ts';
import { zipError } from './zip-error.ts';

/** Where the central directory lies, as the end of the archive says. */
export interface ZipEnd {
  /** Offset of the end record. */
  readonly offset: number;
  readonly entryCount: number;
  readonly directoryOffset: number;
  readonly directoryBytes: number;
}

const endSignature = 0x0605_4b50;
const endRecordBytes = 22;
const longestCommentBytes = 65_535;
const locatorSignature = 0x0706_4b50;
const locatorBytes = 20;
const zip64Signature = 0x0606_4b50;
const zip64RecordBytes = 56;

/**
 * Finds the end record of a zip archive: the one place from which a comment of the stated length
 * reaches exactly the end of the file. Two such places, or a directory that does not end where the
 * records begin, are refused, since readers would disagree about what the archive holds.
 *
 * @throws FormatError when there is none, or more than one.
 */
export async function findZipEnd(reader: BoundedReader, format: SerializationFormat): Promise<ZipEnd> {
  const tailStart = Math.max(0, reader.sizeBytes - endRecordBytes - longestCommentBytes);
  const tail = await reader.read(tailStart, reader.sizeBytes - tailStart);
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
  const candidates: number[] = [];
  for (let position = tail.length - endRecordBytes; position >= 0; position -= 1) {
    if (view.getUint32(position, true) !== endSignature) continue;
    if (position + endRecordBytes + view.getUint16(position + 20, true) === tail.length)
      candidates.push(position);
  }
  const [position] = candidates;
  if (position === undefined)
    throw zipError(format, 'the end record is missing: the file is cut short', reader.sizeBytes);
  if (candidates.length > 1)
    throw zipError(format, 'there is more than one end record', tailStart + position);
  const offset = tailStart + position;
  const short: ZipEnd = {
    offset,
    entryCount: view.getUint16(position + 10, true),
    directoryBytes: view.getUint32(position + 12, true),
    directoryOffset: view.getUint32(position + 16, true),
  };
  const long = await readZip64End(reader, { offset, format });
  const end = long === undefined ? short : { ...short, ...long.end };
  const directoryEnd = long?.recordOffset ?? offset;
  if (end.directoryOffset + end.directoryBytes !== directoryEnd) {
    throw zipError(format, 'the directory does not lie where the end record says', offset);
  }
  return end;
}

async function readZip64End(
  reader: BoundedReader,
  place: { readonly offset: number; readonly format: SerializationFormat },
): Promise<{ readonly end: Omit<ZipEnd, 'offset'>; readonly recordOffset: number } | undefined> {
  if (place.offset < locatorBytes) return undefined;
  const locator = viewOf(await reader.read(place.offset - locatorBytes, locatorBytes));
  if (locator.getUint32(0, true) !== locatorSignature) return undefined;
  const recordOffset = Number(locator.getBigUint64(8, true));
  const fail = (): never => {
    throw zipError(
      place.format,
      'the zip64 end record is not where its locator says',
      place.offset - locatorBytes,
    );
  };
  if (recordOffset + zip64RecordBytes > place.offset - locatorBytes) return fail();
  const record = viewOf(await reader.read(recordOffset, zip64RecordBytes));
  const recordBytes = Number(record.getBigUint64(4, true)) + 12;
  if (
    record.getUint32(0, true) !== zip64Signature ||
    recordOffset + recordBytes !== place.offset - locatorBytes
  )
    return fail();
  return {
    recordOffset,
    end: {
      entryCount: Number(record.getBigUint64(32, true)),
      directoryBytes: Number(record.getBigUint64(40, true)),
      directoryOffset: Number(record.getBigUint64(48, true)),
    },
  };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
