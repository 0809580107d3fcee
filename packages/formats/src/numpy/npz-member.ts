import { DetailLimit } from '../detail-limit.ts';
import { FormatError } from '../format-error.ts';
import { BoundedReader } from '../source/bounded-reader.ts';
import { bytesSource } from '../source/bytes-source.ts';
import type { ZipMember } from '../zip/zip-directory.ts';
import { maximumNpyHeaderBytes, type NpyHeader, readNpyHeader } from './read-npy-header.ts';

/** The header of an array in an archive. */
export interface NpzMemberHeader {
  readonly header: NpyHeader;
  /** The bytes before the data. */
  readonly headBytes: Uint8Array;
}

const firstLookBytes = 4096;

/**
 * The header of the array in a member; `undefined` where the member cannot be opened.
 *
 * @param beginning Gives the beginning of the member, at most that many bytes.
 * @throws FormatError when the array ends before its data does.
 * @throws DetailLimit when the member is no array, or one that is not known here.
 */
export async function npzMemberHeader(
  beginning: (limitBytes: number) => Promise<Uint8Array | undefined>,
  member: ZipMember,
): Promise<NpzMemberHeader | undefined> {
  for (const limitBytes of [firstLookBytes, maximumNpyHeaderBytes + firstLookBytes]) {
    const bytes = await beginning(limitBytes);
    if (bytes === undefined) return undefined;
    const isWhole = limitBytes > firstLookBytes || bytes.length < firstLookBytes;
    const header = await parseMember(bytes, member, { isWhole });
    if (header !== undefined) return { header, headBytes: bytes.subarray(0, header.dataStart) };
  }
  return undefined;
}

async function parseMember(
  bytes: Uint8Array,
  member: ZipMember,
  { isWhole }: { readonly isWhole: boolean },
): Promise<NpyHeader | undefined> {
  const fail = (reason: string, cause?: unknown): never => {
    const name = JSON.stringify(member.path.slice(0, 80));
    throw new FormatError({
      format: 'numpy_archive',
      offset: member.headerOffset,
      reason: `${name}: ${reason}`,
      cause,
    });
  };
  try {
    const header = await readNpyHeader(new BoundedReader(bytesSource(bytes)));
    if (header === undefined)
      throw new DetailLimit({
        reason: `the member ${JSON.stringify(member.path.slice(0, 80))} is not a NumPy array`,
      });
    const dueBytes = header.dataStart + (header.dataBytes ?? 0);
    if (dueBytes > member.sizeBytes)
      return fail(`the array needs ${dueBytes} bytes and has ${member.sizeBytes}`);
    return header;
  } catch (error) {
    if (!FormatError.isInstance(error) || error.format === 'numpy_archive') throw error;
    return !isWhole && error.offset >= bytes.length ? undefined : fail(error.reason, error);
  }
}
