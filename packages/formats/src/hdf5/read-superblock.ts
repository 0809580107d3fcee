import type { BoundedReader } from '../source/bounded-reader.ts';
import { Hdf5Bytes } from './hdf5-bytes.ts';
import { lookup3 } from './hdf5-checksums.ts';
import { hdf5Error } from './hdf5-error.ts';

/** The superblock of an HDF5 file. */
export interface Hdf5Superblock {
  readonly version: number;
  /** Where its signature stands; what lies before is the user block. */
  readonly offset: number;
  readonly offsetBytes: number;
  readonly lengthBytes: number;
  /** The address of the root group's header, counted from `offset`. */
  readonly rootAddress: number;
}

const signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
const highestVersion = 3;
const longestSuperblockBytes = 100;

/** Where the end of file is stated, counted in bytes and in addresses after them, by version. */
const endOfFilePlace: readonly { readonly bytes: number; readonly addresses: number }[] = [
  { bytes: 24, addresses: 2 },
  { bytes: 28, addresses: 2 },
  { bytes: 12, addresses: 2 },
  { bytes: 12, addresses: 2 },
];

/**
 * Finds and reads the superblock of an HDF5 file: its signature stands at byte 0, 512, 1024 and so
 * on, doubling. `undefined` for other content.
 *
 * @throws FormatError when the version is unknown or the file is shorter than it says.
 * @see https://docs.hdfgroup.org/hdf5/develop/_f_m_t3.html for the format
 */
export async function readSuperblock(reader: BoundedReader): Promise<Hdf5Superblock | undefined> {
  for (let offset = 0; offset < reader.sizeBytes; offset = offset === 0 ? 512 : offset * 2) {
    const bytes = await reader.read(offset, longestSuperblockBytes);
    if (signature.every((byte, index) => bytes[index] === byte))
      return parse(bytes, { offset, sizeBytes: reader.sizeBytes });
  }
  return undefined;
}

function parse(
  bytes: Uint8Array,
  place: { readonly offset: number; readonly sizeBytes: number },
): Hdf5Superblock {
  const version = bytes[8];
  if (version === undefined) throw hdf5Error('the file ends within the superblock', place.sizeBytes);
  if (version > highestVersion) throw hdf5Error(`superblock version ${version} is unknown`, place.offset + 8);
  const sizesAt = version < 2 ? 13 : 9;
  const offsetBytes = bytes[sizesAt] ?? 0;
  const lengthBytes = bytes[sizesAt + 1] ?? 0;
  const endPlace = endOfFilePlace[version];
  const endOffset = (endPlace?.bytes ?? 0) + (endPlace?.addresses ?? 0) * offsetBytes;
  if (bytes.length < endOffset + offsetBytes)
    throw hdf5Error('the file ends within the superblock', place.sizeBytes);
  if (![2, 4, 8].includes(offsetBytes) || ![2, 4, 8].includes(lengthBytes)) {
    throw hdf5Error(
      `sizes of ${offsetBytes} and ${lengthBytes} bytes are impossible`,
      place.offset + sizesAt,
    );
  }
  const end = bytes
    .subarray(endOffset, endOffset + offsetBytes)
    .reduceRight((total, byte) => total * 256 + byte, 0);
  if (end > place.sizeBytes)
    throw hdf5Error(`the file should have ${end} bytes and ends early`, place.sizeBytes);
  const rootOffset = endOffset + (version < 2 ? 3 : 1) * offsetBytes;
  if (version >= 2) checkSum(bytes, { offset: place.offset, endOffset: rootOffset + offsetBytes });
  const root = new Hdf5Bytes(bytes, place.offset, { offsetBytes, lengthBytes }).skip(rootOffset);
  const rootAddress = root.dueAddress('the root group');
  return { version, offset: place.offset, offsetBytes, lengthBytes, rootAddress };
}

function checkSum(bytes: Uint8Array, place: { readonly offset: number; readonly endOffset: number }): void {
  const { offset, endOffset } = place;
  if (bytes.length < endOffset + 4)
    throw hdf5Error('the file ends within the superblock', offset + bytes.length);
  const stated = new DataView(bytes.buffer, bytes.byteOffset + endOffset, 4).getUint32(0, true);
  if (stated !== lookup3(bytes.subarray(0, endOffset)))
    throw hdf5Error('the check sum of the superblock does not match', offset + endOffset);
}
