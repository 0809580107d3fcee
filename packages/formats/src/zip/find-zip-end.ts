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
  /** Bytes before the archive, by which every offset in it is too small. */
  readonly shiftBytes: number;
  /** What readers of zip let pass and a careful person should know, as clauses. */
  readonly oddities: readonly string[];
}

type StatedEnd = Omit<ZipEnd, 'offset' | 'shiftBytes' | 'oddities'>;

const endSignature = 0x0605_4b50;
const endRecordBytes = 22;
const longestCommentBytes = 65_535;
const locatorSignature = 0x0706_4b50;
const locatorBytes = 20;
const zip64Signature = 0x0606_4b50;
const zip64RecordBytes = 56;

/**
 * Finds the end record of a zip archive, as Python's `zipfile` does: a comment that is cut, bytes
 * that follow, and bytes before the archive are let pass, each as an oddity. The record from which
 * a comment of the stated length reaches exactly the end of the file is preferred.
 *
 * @throws FormatError when there is none, or the directory does not fit in before it.
 */
export async function findZipEnd(reader: BoundedReader, format: SerializationFormat): Promise<ZipEnd> {
  const tailStart = Math.max(0, reader.sizeBytes - endRecordBytes - longestCommentBytes);
  const tail = await reader.read(tailStart, reader.sizeBytes - tailStart);
  const { position, oddities } =
    chooseEnd(tail) ?? fail(format, 'the end record is missing: the file is cut short', reader.sizeBytes);
  const view = viewOf(tail.subarray(position));
  const offset = tailStart + position;
  const short: StatedEnd = {
    entryCount: view.getUint16(10, true),
    directoryBytes: view.getUint32(12, true),
    directoryOffset: view.getUint32(16, true),
  };
  const long = await readZip64End(reader, offset);
  const { entryCount, directoryBytes, directoryOffset } = long?.end ?? short;
  const shiftBytes = (long?.recordOffset ?? offset) - directoryBytes - directoryOffset;
  if (shiftBytes < 0) fail(format, 'the directory is not where the end record says', offset);
  if (shiftBytes > 0) oddities.push(`the archive has ${shiftBytes} bytes before it that it does not count`);
  return {
    offset,
    entryCount,
    directoryBytes,
    directoryOffset: directoryOffset + shiftBytes,
    shiftBytes,
    oddities,
  };
}

function fail(format: SerializationFormat, reason: string, offset: number): never {
  throw zipError(format, reason, offset);
}

/** The record that counts, by its place in the last bytes of the file. */
function chooseEnd(tail: Uint8Array): { readonly position: number; readonly oddities: string[] } | undefined {
  const view = viewOf(tail);
  const found: { position: number; restBytes: number }[] = [];
  for (let position = tail.length - endRecordBytes; position >= 0; position -= 1) {
    if (view.getUint32(position, true) !== endSignature) continue;
    const commentBytes = view.getUint16(position + 20, true);
    found.push({ position, restBytes: tail.length - position - endRecordBytes - commentBytes });
  }
  const exact = found.filter(({ restBytes }) => restBytes === 0);
  const chosen = exact.at(-1) ?? found[0];
  if (chosen === undefined) return undefined;
  const { position, restBytes } = chosen;
  const oddities: string[] = [];
  if (exact.length > 1)
    oddities.push('there is more than one end record, so readers may see different members');
  if (restBytes > 0) oddities.push(`${restBytes} bytes follow the end of the archive`);
  if (restBytes < 0) oddities.push('its comment is cut short');
  return { position, oddities };
}

/** The zip64 end record, which is before its locator, or else where that says; without one the short record holds. */
async function readZip64End(
  reader: BoundedReader,
  offset: number,
): Promise<{ readonly end: StatedEnd; readonly recordOffset: number } | undefined> {
  const locatorOffset = offset - locatorBytes;
  if (locatorOffset < zip64RecordBytes) return undefined;
  const locator = viewOf(await reader.read(locatorOffset, locatorBytes));
  if (locator.getUint32(0, true) !== locatorSignature) return undefined;
  for (const recordOffset of [locatorOffset - zip64RecordBytes, Number(locator.getBigUint64(8, true))]) {
    if (recordOffset + zip64RecordBytes > locatorOffset) continue;
    const record = viewOf(await reader.read(recordOffset, zip64RecordBytes));
    if (record.getUint32(0, true) !== zip64Signature) continue;
    return {
      recordOffset,
      end: {
        entryCount: Number(record.getBigUint64(32, true)),
        directoryBytes: Number(record.getBigUint64(40, true)),
        directoryOffset: Number(record.getBigUint64(48, true)),
      },
    };
  }
  return undefined;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
