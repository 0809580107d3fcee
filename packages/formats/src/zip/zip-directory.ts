import type { SerializationFormat } from '@holdfast/domain';
import { DetailLimit } from '../detail-limit.ts';
import type { BoundedReader } from '../source/bounded-reader.ts';
import { type ZipEnd, findZipEnd } from './find-zip-end.ts';
import { zipError } from './zip-error.ts';

/** One member of a zip archive, from its central directory. */
export interface ZipMember {
  readonly path: string;
  /** Size when opened, in bytes. */
  readonly sizeBytes: number;
  /** Size in the archive, in bytes. */
  readonly storedBytes: number;
  /** 0 is stored, 8 is deflated. */
  readonly method: number;
  readonly isEncrypted: boolean;
  /** Check sum of the content when opened. */
  readonly crc32: number;
  /** Offset of its own header in the file. */
  readonly headerOffset: number;
}

const centralSignature = 0x0201_4b50;
const centralHeaderBytes = 46;
const localHeaderBytes = 30;
const largestDirectoryBytes = 64 * 1024 * 1024;
const sentinel32 = 0xffff_ffff;

/** The members of a zip archive, and what a careful person should know of it. */
export interface ZipDirectory {
  readonly members: readonly ZipMember[];
  /** Clauses, such as bytes that follow the archive. */
  readonly oddities: readonly string[];
}

/**
 * Reads the central directory of a zip archive, zip64 included. What Python's `zipfile` lets pass is
 * an oddity.
 *
 * @param format What the archive is meant to be, for errors.
 * @throws FormatError when the directory is missing or contradicts itself.
 * @throws DetailLimit when it is larger than is read here.
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT for the format
 */
export async function readZipDirectory(
  reader: BoundedReader,
  format: SerializationFormat,
): Promise<ZipDirectory> {
  const end = await findZipEnd(reader, format);
  if (end.directoryBytes > largestDirectoryBytes) {
    const reason = `the zip directory has ${end.directoryBytes} bytes, and ${largestDirectoryBytes} are read at most`;
    throw new DetailLimit({ reason, format: format === 'binary' ? undefined : format });
  }
  const bytes = await reader.read(end.directoryOffset, end.directoryBytes);
  const members = parseEntries(bytes, { end, format });
  const oddities = [...end.oddities, ...checkMembers(members, end)];
  if (members.length % 65_536 !== end.entryCount % 65_536)
    oddities.push(`it claims ${end.entryCount} members and holds ${members.length}`);
  return { members, oddities };
}

interface Directory {
  readonly end: ZipEnd;
  readonly format: SerializationFormat;
}

function parseEntries(bytes: Uint8Array, { end, format }: Directory): ZipMember[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const members: ZipMember[] = [];
  let position = 0;
  while (position < bytes.length) {
    const offset = end.directoryOffset + position;
    if (position + centralHeaderBytes > bytes.length || view.getUint32(position, true) !== centralSignature) {
      throw zipError(format, 'an entry of the directory does not begin where it should', offset);
    }
    const nameBytes = view.getUint16(position + 28, true);
    const extraBytes = view.getUint16(position + 30, true);
    const next = position + centralHeaderBytes + nameBytes + extraBytes + view.getUint16(position + 32, true);
    // The last entry may be cut short, as zipfile allows: its name is checked against its own header.
    const extraStart = Math.min(position + centralHeaderBytes + nameBytes, bytes.length);
    const flags = view.getUint16(position + 8, true);
    const sizes = readSizes(view, position, {
      start: extraStart,
      end: Math.min(extraStart + extraBytes, bytes.length),
    });
    if (sizes === undefined) throw zipError(format, 'an entry has no valid zip64 sizes', offset);
    members.push({
      path: new TextDecoder().decode(bytes.subarray(position + centralHeaderBytes, extraStart)),
      method: view.getUint16(position + 10, true),
      isEncrypted: (flags & 1) !== 0,
      crc32: view.getUint32(position + 16, true),
      ...sizes,
      headerOffset: sizes.headerOffset + end.shiftBytes,
    });
    position = next;
  }
  return members;
}

type Sizes = Pick<ZipMember, 'sizeBytes' | 'storedBytes' | 'headerOffset'>;

/** Sizes and offset of an entry; those that do not fit in 32 bits stand in its zip64 field, in this order. */
function readSizes(
  view: DataView,
  position: number,
  extra: { start: number; end: number },
): Sizes | undefined {
  const short = [
    view.getUint32(position + 24, true),
    view.getUint32(position + 20, true),
    view.getUint32(position + 42, true),
  ];
  let field = short.includes(sentinel32) ? findExtra(view, extra) : { start: 0, end: 0 };
  const long: number[] = [];
  for (const value of short) {
    if (value !== sentinel32) {
      long.push(value);
      continue;
    }
    if (field === undefined || field.start + 8 > field.end) return undefined;
    long.push(Number(view.getBigUint64(field.start, true)));
    field = { start: field.start + 8, end: field.end };
  }
  const [sizeBytes = 0, storedBytes = 0, headerOffset = 0] = long;
  return { sizeBytes, storedBytes, headerOffset };
}

function findExtra(
  view: DataView,
  extra: { start: number; end: number },
): { start: number; end: number } | undefined {
  let position = extra.start;
  while (position + 4 <= extra.end) {
    const end = position + 4 + view.getUint16(position + 2, true);
    if (end > extra.end) return undefined;
    if (view.getUint16(position, true) === 1) return { start: position + 4, end };
    position = end;
  }
  return undefined;
}

function checkMembers(members: readonly ZipMember[], end: ZipEnd): string[] {
  const oddities: string[] = [];
  const paths = new Set<string>();
  let freeFrom = 0;
  for (const member of members.toSorted((a, b) => a.headerOffset - b.headerOffset)) {
    const name = JSON.stringify(member.path.slice(0, 80));
    if (paths.has(member.path)) oddities.push(`${name} is given twice, so readers may see different bytes`);
    if (member.headerOffset < freeFrom) oddities.push(`${name} overlaps another member`);
    paths.add(member.path);
    freeFrom = member.headerOffset + localHeaderBytes + member.storedBytes;
    if (freeFrom > end.directoryOffset) oddities.push(`${name} reaches past where members may be`);
  }
  return oddities;
}
