import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { type Digest, digestHex, digestOfHex, isDigest, utf8Length } from '@holdfast/domain';
import { maximumMetadataBytes } from '../check-metadata.ts';

type Fields = Readonly<Record<string, string>>;

/** What a backend's metadata can spell. */
export interface MetadataSpelling {
  /** Names that are kept as they are. @default lower-case letters, digits and hyphens */
  readonly plainName?: RegExp;
  /** What stands between the words of the names that adapters keep for themselves. @default '-' */
  readonly separator?: '-' | '_';
  /** Most bytes of all names and values together. @default 2048 */
  readonly maximumBytes?: number;
}

/** What an object's metadata tells, the caller's own fields apart from Holdfast's. */
export interface DescribedObject {
  readonly metadata: Fields;
  /** Which write made this state. */
  readonly attemptId?: string | undefined;
  readonly checksum?: Digest | undefined;
  /** When it was written, in milliseconds since 1970. */
  readonly writtenMs?: number | undefined;
}

/** Printable ASCII that no header, proxy or form changes; `=?` begins an encoded word. */
const plainValue = /^(?!=\?)[\x21-\x7E](?:[\x20-\x7E]*[\x21-\x7E])?$/;
const longestPackedBytes = 65_536;

/**
 * How an object's description is written into a backend's own metadata and read back: fields that HTTP can spell
 * stand there as they are, for everybody to see; the others, and all when they take too much room, are packed
 * into one. Beside them stand the attempt, the digest and the time of the write, under names that callers cannot
 * use. What others wrote is read as it is.
 */
export class StoredMetadata {
  readonly #plainName: RegExp;
  readonly #maximumBytes: number;
  readonly #names: Readonly<Record<'attempt' | 'digest' | 'written' | 'packed', string>>;

  constructor({ plainName = /^[a-z0-9-]+$/, separator = '-', maximumBytes = 2_048 }: MetadataSpelling = {}) {
    this.#plainName = plainName;
    this.#maximumBytes = maximumBytes;
    this.#names = {
      attempt: `holdfast${separator}attempt`,
      digest: `holdfast${separator}sha256`,
      written: `holdfast${separator}written`,
      packed: `holdfast${separator}fields`,
    };
  }

  /** The fields to store, or `undefined` when they cannot be made to fit. */
  encode(described: DescribedObject): Fields | undefined {
    const { attemptId, checksum, writtenMs } = described;
    const own = {
      ...(attemptId === undefined ? {} : { [this.#names.attempt]: attemptId }),
      ...(checksum === undefined ? {} : { [this.#names.digest]: digestHex(checksum) }),
      ...(writtenMs === undefined ? {} : { [this.#names.written]: String(writtenMs) }),
    };
    const entries = Object.entries(described.metadata);
    const isPlain = ([name, value]: readonly [string, string]): boolean =>
      this.#plainName.test(name) && plainValue.test(value);
    const mixed = { ...own, ...Object.fromEntries(entries.filter(isPlain)) };
    const rest = entries.filter((entry) => !isPlain(entry));
    return [
      { ...mixed, ...this.#pack(rest) },
      { ...own, ...this.#pack(entries) },
    ].find((fields) => sizeOf(fields) <= this.#maximumBytes);
  }

  /** Reads back what {@link StoredMetadata.encode} made, or what somebody else wrote. */
  decode(stored: Fields): DescribedObject {
    const fields = Object.fromEntries(
      Object.entries(stored).map(([name, value]) => [name.toLowerCase(), value]),
    );
    const { attempt, digest, written, packed } = this.#names;
    const { [attempt]: attemptId, [digest]: hex, [written]: time, [packed]: text, ...plain } = fields;
    const writtenMs = Number(time ?? Number.NaN);
    return {
      metadata: text === undefined ? plain : { ...plain, ...unpack(text) },
      attemptId,
      checksum: hex !== undefined && isDigest(`sha256:${hex}`) ? digestOfHex(hex) : undefined,
      writtenMs: Number.isSafeInteger(writtenMs) ? writtenMs : undefined,
    };
  }

  #pack(entries: readonly (readonly [string, string])[]): Fields {
    if (entries.length === 0) return {};
    const bytes = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
    return { [this.#names.packed]: deflateRawSync(bytes).toString('base64url') };
  }
}

/** What cannot be read was not written by Holdfast. */
function unpack(text: string): Fields {
  try {
    const bytes = inflateRawSync(Buffer.from(text, 'base64url'), { maxOutputLength: longestPackedBytes });
    const parsed: unknown = JSON.parse(bytes.toString());
    const entries = Object.entries(parsed as object).filter(([, value]) => typeof value === 'string');
    return Object.fromEntries(entries) as Fields;
  } catch {
    return {};
  }
}

function sizeOf(fields: Fields): number {
  return Object.entries(fields).reduce((sum, [name, value]) => sum + utf8Length(name) + utf8Length(value), 0);
}

/** Why metadata that every backend is said to keep may not fit on one. */
export const metadataOverflowHint: string = `Metadata of up to ${maximumMetadataBytes} bytes is kept as it is or packed; this one cannot be packed tightly enough. Shorten it, or store it as an object of its own.`;
