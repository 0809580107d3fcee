import { fileProbe } from '../catalog/file-probe.ts';
import type { FormatProbe } from '../catalog/format-handler.ts';
import { inflateMissing } from '../catalog/inflate-missing.ts';
import type { Inflate } from '../catalog/inflate.ts';
import { InspectionNotes } from '../catalog/inspection-notes.ts';
import type { FormatError } from '../format-error.ts';
import { BoundedReader } from '../source/bounded-reader.ts';
import type { ByteInput, ByteRangeSource } from '../source/byte-range-source.ts';
import { bytesSource } from '../source/bytes-source.ts';
import { readExactly, sliceSource } from '../source/read-exactly.ts';
import { sourceOf } from '../source/source-of.ts';
import { crc32 } from './crc32.ts';
import { openZipArchive, type ZipArchive } from './open-zip-archive.ts';
import { memberDataStart, readZipMember } from './read-zip-member.ts';
import type { ZipMember } from './zip-directory.ts';
import { zipError } from './zip-error.ts';

/** Settings of readers that may have to inflate. */
export interface OpenOptions {
  /** Opens compressed data; without it, compressed values are refused. */
  readonly inflate?: Inflate | undefined;
  /** The most bytes that one value may have once it is inflated. @default 4294967296 (4 GiB) */
  readonly limitBytes?: number | undefined;
  /** Gives up at the next read. */
  readonly signal?: AbortSignal | undefined;
}

/** The most bytes that one value may have once it is inflated, unless the caller says otherwise. */
export const defaultLimitBytes: number = 2 ** 32;
/** Deflate makes at most 1,032 bytes of one: a claim beyond that is a lie, whatever the limit. */
const mostInflation = 1032;

/** A zip archive whose members are read as a whole or by range. */
export class ZipFile {
  readonly #source: ByteRangeSource;
  readonly #probe: FormatProbe;
  readonly #archive: ZipArchive;
  readonly #options: OpenOptions;

  private constructor(
    source: ByteRangeSource,
    probe: FormatProbe,
    rest: { archive: ZipArchive; options: OpenOptions },
  ) {
    this.#source = source;
    this.#probe = probe;
    this.#archive = rest.archive;
    this.#options = rest.options;
  }

  /**
   * Reads the directory of an archive; `undefined` for what is none.
   *
   * @throws FormatError when the archive is broken.
   */
  static async open(input: ByteInput, options: OpenOptions = {}): Promise<ZipFile | undefined> {
    const source = sourceOf(input, options);
    const reader = new BoundedReader(source, { signal: options.signal });
    const probe = fileProbe(reader, { inflate: options.inflate, notes: new InspectionNotes() });
    const archive = await openZipArchive(probe);
    return archive && new ZipFile(source, probe, { archive, options });
  }

  get members(): readonly ZipMember[] {
    return this.#archive.members;
  }

  /** The beginning of a member; `undefined` where it cannot be opened. */
  beginning(member: ZipMember, limitBytes: number): Promise<Uint8Array | undefined> {
    return readZipMember(this.#probe, this.#archive, { member, limitBytes });
  }

  /**
   * The content of a member: of a stored one a part of the file, of a deflated one what was inflated and checked.
   *
   * @throws FormatError when it is damaged, larger than the limit, or cannot be opened.
   */
  async content(member: ZipMember, signal?: AbortSignal): Promise<ByteRangeSource> {
    const start = await memberDataStart(this.#probe, this.#archive, member);
    if (start + member.storedBytes > this.#source.sizeBytes)
      throw this.#error(member, 'reaches past the end of the file');
    if (member.isEncrypted) throw this.#error(member, 'is encrypted', start);
    if (member.method === 0) {
      if (member.storedBytes !== member.sizeBytes)
        throw this.#error(member, 'is stored, and its two sizes differ', start);
      return sliceSource(this.#source, start, member.sizeBytes);
    }
    return bytesSource(await this.#inflated(member, { start, signal }));
  }

  /** The whole content of a member, checked. */
  async bytes(member: ZipMember, signal?: AbortSignal): Promise<Uint8Array> {
    const source = await this.content(member, signal);
    const bytes = await readExactly(source, { offset: 0, length: source.sizeBytes, signal });
    if (member.method === 0) this.checkSum(member, crc32(bytes));
    return bytes;
  }

  /** @throws FormatError when the check sum of the content is another than the directory's. */
  checkSum(member: ZipMember, sum: number): void {
    if (sum !== member.crc32) throw this.#error(member, 'has another check sum than the directory states');
  }

  async #inflated(
    member: ZipMember,
    { start, signal }: { readonly start: number; readonly signal: AbortSignal | undefined },
  ): Promise<Uint8Array> {
    const { inflate, limitBytes = defaultLimitBytes } = this.#options;
    const { sizeBytes, storedBytes } = member;
    if (member.method !== 8)
      throw this.#error(member, `is compressed by method ${member.method}, which is not read`, start);
    if (inflate === undefined)
      throw inflateMissing(this.#archive.format, JSON.stringify(member.path.slice(0, 80)), start);
    if (sizeBytes > storedBytes * mostInflation)
      throw this.#error(
        member,
        `claims ${sizeBytes} bytes inside of ${storedBytes}, which deflate cannot do`,
        start,
      );
    if (sizeBytes > limitBytes)
      throw this.#error(
        member,
        `has ${sizeBytes} bytes once it is inflated; ${limitBytes} are allowed`,
        start,
      );
    const compressed = await readExactly(this.#source, { offset: start, length: storedBytes, signal });
    const request = { encoding: 'deflate-raw', limitBytes: sizeBytes + 1 } as const;
    const bytes = await inflate(compressed, request).catch((cause: unknown) => {
      const reason = cause instanceof Error ? `: ${cause.message}` : '';
      throw this.#error(member, `cannot be inflated${reason}`, start);
    });
    if (bytes.length !== sizeBytes)
      throw this.#error(member, `does not hold the ${sizeBytes} bytes that the directory states`, start);
    this.checkSum(member, crc32(bytes));
    return bytes;
  }

  #error(member: ZipMember, reason: string, offset: number = member.headerOffset): FormatError {
    return zipError(this.#archive.format, `${JSON.stringify(member.path.slice(0, 80))} ${reason}`, offset);
  }
}
