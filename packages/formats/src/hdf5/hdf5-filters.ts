import type { Hdf5Bytes } from './hdf5-bytes.ts';

/** One step that the bytes of a chunk went through when they were written. */
export interface Hdf5Filter {
  readonly id: number;
  /** Such as `deflate`, or the name that the file gives to a filter from outside. */
  readonly name: string;
  readonly parameters: readonly number[];
}

/** The numbers of the filters that are undone. */
export const filterIds = {
  deflate: 1,
  shuffle: 2,
  fletcher32: 3,
  nbit: 5,
  scaleoffset: 6,
  lzf: 32000,
  lz4: 32004,
  bitshuffle: 32008,
  zstd: 32015,
} as const;

const filterNames: ReadonlyMap<number, string> = new Map<number, string>([
  ...Object.entries(filterIds).map(([name, id]) => [id, name] as const),
  [4, 'szip'],
  [32001, 'blosc'],
  [32013, 'zfp'],
  [32026, 'blosc2'],
]);

/** Reads a filter pipeline message. */
export function readFilters(bytes: Hdf5Bytes): readonly Hdf5Filter[] {
  const version = bytes.uint(1);
  if (version !== 1 && version !== 2)
    throw bytes.error(`version ${version} of a filter pipeline is unknown`, 0);
  const count = bytes.uint(1);
  if (version === 1) bytes.skip(6);
  return Array.from({ length: count }, () => readFilter(bytes, version));
}

function readFilter(bytes: Hdf5Bytes, version: number): Hdf5Filter {
  const id = bytes.uint(2);
  const nameBytes = version === 1 || id >= 256 ? bytes.uint(2) : 0;
  const parameterCount = bytes.skip(2).uint(2);
  const stated = bytes.text(nameBytes).replace(/\0.*$/su, '');
  if (version === 1) bytes.skip((8 - (nameBytes % 8)) % 8);
  const parameters = Array.from({ length: parameterCount }, () => bytes.uint(4));
  if (version === 1 && parameterCount % 2 === 1) bytes.skip(4);
  return { id, name: filterNames.get(id) ?? (stated === '' ? String(id) : stated), parameters };
}
