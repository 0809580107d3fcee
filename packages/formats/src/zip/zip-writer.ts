import { concatenateBytes } from '../source/concatenate-bytes.ts';
import { crc32 } from './crc32.ts';

/** A file to put into an archive. */
export interface NewZipMember {
  readonly path: string;
  /** Its content as it is stored, in pieces. */
  readonly pieces: readonly Uint8Array[];
  /** Set where the pieces are deflated: the size and check sum of what they hold. */
  readonly deflated?: { readonly sizeBytes: number; readonly crc32: number } | undefined;
  /** Pads so that the content begins at a multiple of this, as torch does. @default 1 */
  readonly alignmentBytes?: number | undefined;
}

interface WrittenMember {
  readonly path: Uint8Array;
  readonly flags: number;
  readonly method: number;
  readonly crc32: number;
  readonly storedBytes: number;
  readonly sizeBytes: number;
  readonly headerOffset: number;
}

const sentinel32 = 0xffff_ffff;
const localHeaderBytes = 30;
/** 1 January 1980, the earliest date of the format: the same content gives the same bytes. */
const dosDate = 0x0021;
const paddingId = 0x4246;

/**
 * Writes a zip archive in one go from start to end, in the long form (zip64) where sizes need it.
 *
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT for the format
 */
export class ZipWriter {
  readonly #written: WrittenMember[] = [];
  #offset = 0;

  /** The bytes of one more member: its header, and the pieces that were given. */
  add(member: NewZipMember): readonly Uint8Array[] {
    const storedBytes = member.pieces.reduce((total, { byteLength }) => total + byteLength, 0);
    const path = new TextEncoder().encode(member.path);
    const written: WrittenMember = {
      path,
      flags: path.length === member.path.length ? 0 : 0x0800,
      method: member.deflated === undefined ? 0 : 8,
      crc32: member.deflated?.crc32 ?? member.pieces.reduce((crc, piece) => crc32(piece, crc), 0),
      storedBytes,
      sizeBytes: member.deflated?.sizeBytes ?? storedBytes,
      headerOffset: this.#offset,
    };
    const header = localHeader(written, member.alignmentBytes ?? 1);
    this.#written.push(written);
    this.#offset += header.byteLength + storedBytes;
    return [header, ...member.pieces];
  }

  /** The bytes after the last member. */
  finish(): Uint8Array {
    const directory = concatenateBytes(this.#written.map(centralHeader));
    const count = this.#written.length;
    const isLarge = count > 0xfffe || this.#offset + directory.length >= sentinel32;
    const longEnd = isLarge
      ? zip64End({ count, start: this.#offset, size: directory.length })
      : new Uint8Array(0);
    const end = fields(
      [4, 0x0605_4b50],
      [2, 0],
      [2, 0],
      ...shortCount(count),
      [4, directory.length],
      [4, this.#offset],
      [2, 0],
    );
    return concatenateBytes([directory, longEnd, end]);
  }
}

type Field = readonly [bytes: 2 | 4 | 8, value: number];

function shortCount(count: number): readonly [Field, Field] {
  return [
    [2, Math.min(count, 0xffff)],
    [2, Math.min(count, 0xffff)],
  ];
}

/** Little-endian integers; one that does not fit in 4 bytes becomes the mark for "see the long form". */
function fields(...values: readonly Field[]): Uint8Array {
  const bytes = new Uint8Array(values.reduce((total, [width]) => total + width, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [width, value] of values) {
    if (width === 2) view.setUint16(at, value, true);
    else if (width === 4) view.setUint32(at, Math.min(value, sentinel32), true);
    else view.setBigUint64(at, BigInt(value), true);
    at += width;
  }
  return bytes;
}

function isLong({ storedBytes, sizeBytes }: WrittenMember): boolean {
  return storedBytes >= sentinel32 || sizeBytes >= sentinel32;
}

function localHeader(member: WrittenMember, alignmentBytes: number): Uint8Array {
  const long = isLong(member)
    ? fields([2, 1], [2, 16], [8, member.sizeBytes], [8, member.storedBytes])
    : new Uint8Array(0);
  const start = member.headerOffset + localHeaderBytes + member.path.length + long.length;
  const padding = paddingFor(start, alignmentBytes);
  return concatenateBytes([
    fields(
      [4, 0x0403_4b50],
      [2, isLong(member) ? 45 : 20],
      ...common(member),
      [2, member.path.length],
      [2, long.length + padding.length],
    ),
    member.path,
    long,
    padding,
  ]);
}

function common({
  flags,
  method,
  crc32: sum,
  storedBytes,
  sizeBytes,
  ...rest
}: WrittenMember): readonly Field[] {
  const isLongMember = isLong({ flags, method, crc32: sum, storedBytes, sizeBytes, ...rest });
  const sizes: readonly Field[] = isLongMember
    ? [
        [4, sentinel32],
        [4, sentinel32],
      ]
    : [
        [4, storedBytes],
        [4, sizeBytes],
      ];
  return [[2, flags], [2, method], [2, 0], [2, dosDate], [4, sum], ...sizes];
}

/** An extra field that fills the gap, as torch writes it: its id, its length, and any letters. */
function paddingFor(start: number, alignmentBytes: number): Uint8Array {
  if (start % alignmentBytes === 0) return new Uint8Array(0);
  const gap = alignmentBytes - ((start + 4) % alignmentBytes);
  const letters = gap % alignmentBytes;
  return concatenateBytes([fields([2, paddingId], [2, letters]), new Uint8Array(letters).fill(0x5a)]);
}

function centralHeader(member: WrittenMember): Uint8Array {
  const isFar = member.headerOffset >= sentinel32;
  const long: Field[] = [];
  if (isLong(member)) long.push([8, member.sizeBytes], [8, member.storedBytes]);
  if (isFar) long.push([8, member.headerOffset]);
  const extra = long.length === 0 ? new Uint8Array(0) : fields([2, 1], [2, 8 * long.length], ...long);
  const version = long.length === 0 ? 20 : 45;
  return concatenateBytes([
    fields(
      [4, 0x0201_4b50],
      [2, version],
      [2, version],
      ...common(member),
      [2, member.path.length],
      [2, extra.length],
    ),
    fields([2, 0], [2, 0], [2, 0], [4, 0], [4, member.headerOffset]),
    member.path,
    extra,
  ]);
}

function zip64End({ count, start, size }: { count: number; start: number; size: number }): Uint8Array {
  const record = fields(
    [4, 0x0606_4b50],
    [8, 44],
    [2, 45],
    [2, 45],
    [4, 0],
    [4, 0],
    [8, count],
    [8, count],
    [8, size],
    [8, start],
  );
  const locator = fields([4, 0x0706_4b50], [4, 0], [8, start + size], [4, 1]);
  return concatenateBytes([record, locator]);
}
