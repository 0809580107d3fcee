import { refusedAtLimit } from '../refused-at-limit.ts';
import { BoundedReader } from '../source/bounded-reader.ts';
import type { ByteInput, ByteRangeSource } from '../source/byte-range-source.ts';
import { sourceOf } from '../source/source-of.ts';
import type { OpenOptions } from '../zip/zip-file.ts';
import { GlobalHeap } from './global-heap.ts';
import { hdf5Error } from './hdf5-error.ts';
import type { Hdf5File } from './hdf5-file.ts';
import { Hdf5Store } from './hdf5-store.ts';
import { openObject } from './open-object.ts';
import { readSuperblock } from './read-superblock.ts';

/**
 * Opens an HDF5 file: groups, datasets, attributes and committed types, each read when it is asked for. Elements are read
 * by range, and of chunked datasets only the chunks that are touched.
 *
 * Numbers of every usual size and byte order, booleans, enumerations, complex numbers, texts, compound, array and
 * variable-length types, opaque bytes and object references are read, through the filters deflate, zstd, lz4, lzf,
 * bitshuffle, shuffle, scaleoffset, nbit and fletcher32.
 * What is not read is refused by name.
 *
 * @throws FormatError when the file is no HDF5 file, or is damaged or cut short.
 * @see https://docs.hdfgroup.org/hdf5/develop/_f_m_t3.html for the format
 */
export function readHdf5(input: ByteInput, options: OpenOptions = {}): Promise<Hdf5File> {
  return refusedAtLimit('hdf5', () => openHdf5(sourceOf(input, options), options));
}

/** The same for inspection, with limits of Holdfast's own as they are. */
export async function openHdf5(source: ByteRangeSource, options: OpenOptions): Promise<Hdf5File> {
  const superblock = await readSuperblock(new BoundedReader(source, { signal: options.signal }));
  if (superblock === undefined) throw hdf5Error('the signature of an HDF5 file is missing', 0);
  const store = new Hdf5Store(source, superblock, options);
  const file = { store, heap: new GlobalHeap(store) };
  const root = await openObject(file, { address: superblock.rootAddress, path: '/' });
  if (root.kind !== 'group')
    throw hdf5Error('the root is not a group', store.offsetOf(superblock.rootAddress));
  return {
    superblockVersion: superblock.version,
    userBlockBytes: superblock.offset,
    root,
    dereference: (address) => openObject(file, { address: Number(address), path: `#${address}` }),
  };
}
