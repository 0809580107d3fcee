import { FormatError } from '../format-error.ts';
import { refusedAtLimit } from '../refused-at-limit.ts';
import type { ByteInput } from '../source/byte-range-source.ts';
import { sliceSource } from '../source/read-exactly.ts';
import type { ByteCheck } from '../value/lazy-array.ts';
import type { LazyValue } from '../value/lazy-value.ts';
import { crc32 } from '../zip/crc32.ts';
import type { ZipMember } from '../zip/zip-directory.ts';
import { type OpenOptions, ZipFile } from '../zip/zip-file.ts';
import { npzMemberHeader } from './npz-member.ts';
import { npyUnsupported } from './read-npy-header.ts';
import { lazyNpy } from './read-npy.ts';

/**
 * Reads the directory and the headers of a `.npz` archive, and gives its arrays to be read one by one. A stored array is
 * read by range, a deflated one is inflated as a whole; what is read as a whole is checked against its check sum.
 *
 * @throws FormatError when the archive is broken, a member is no array, or one is compressed and `inflate` is missing.
 * @see https://numpy.org/doc/stable/reference/generated/numpy.savez.html for the format
 */
export function readNpz(input: ByteInput, options: OpenOptions = {}): Promise<readonly LazyValue[]> {
  return refusedAtLimit('numpy_archive', () => readMembers(input, options));
}

async function readMembers(input: ByteInput, options: OpenOptions): Promise<readonly LazyValue[]> {
  const zip = await ZipFile.open(input, options);
  if (zip === undefined) throw npzError('the file does not begin like a zip archive', 0);
  const arrays: LazyValue[] = [];
  for (const member of zip.members) arrays.push(await readMember(zip, member));
  return arrays;
}

async function readMember(zip: ZipFile, member: ZipMember): Promise<LazyValue> {
  const name = member.path.replace(/\.npy$/, '');
  const found = await npzMemberHeader((limitBytes) => zip.beginning(member, limitBytes), member);
  if (found === undefined) {
    await zip.content(member);
    throw npzError(`${JSON.stringify(name.slice(0, 80))} is not a NumPy array`, member.headerOffset);
  }
  const { header, headBytes } = found;
  const { dataStart, dataBytes = 0 } = header;
  const inMember = (reason: string): string => `${JSON.stringify(name.slice(0, 80))}: ${reason}`;
  return lazyNpy(name, header, {
    open: async (signal) => sliceSource(await zip.content(member, signal), dataStart, dataBytes),
    errorOf: (reason) => npzError(inMember(reason), member.headerOffset),
    unsupported: (reason) => npyUnsupported(inMember(reason), member.headerOffset, 'numpy_archive'),
    ...(member.method === 0 && dataStart + dataBytes === member.sizeBytes
      ? { verify: () => memberCheck(zip, member, crc32(headBytes)) }
      : {}),
  });
}

function memberCheck(zip: ZipFile, member: ZipMember, before: number): ByteCheck {
  let sum = before;
  return {
    update: (bytes) => void (sum = crc32(bytes, sum)),
    end: () => zip.checkSum(member, sum),
  };
}

function npzError(reason: string, offset: number): FormatError {
  const hint = 'The file is damaged: fetch it again, or write it again with numpy.savez.';
  return new FormatError({ format: 'numpy_archive', offset, reason, hint });
}
