import { InvalidValueError } from '@holdfast/domain';
import { concatenateBytes } from '../source/concatenate-bytes.ts';
import type { Deflate } from '../source/deflate.ts';
import type { Value } from '../value/value.ts';
import { crc32 } from '../zip/crc32.ts';
import { type NewZipMember, ZipWriter } from '../zip/zip-writer.ts';
import { type NpyArray, npyPieces } from './encode-npy.ts';

/** Settings of {@link npzPieces}. */
export interface NpzOptions {
  /** Compresses every array, as `numpy.savez_compressed` does. @default arrays are stored as they are */
  readonly deflate?: Deflate | undefined;
}

/** An array with its name in the archive. */
export type NamedArray = readonly [name: string, array: NpyArray | Value];

/**
 * Writes arrays as one `.npz` archive, as `numpy.savez` does.
 *
 * @throws InvalidValueError for a name given twice, and as {@link npyPieces} does.
 */
export function encodeNpz(arrays: { readonly [name: string]: NpyArray | Value }): Uint8Array {
  const zip = new ZipWriter();
  const pieces = Object.entries(arrays).flatMap(([name, array]) =>
    zip.add({ path: `${name}.npy`, pieces: npyPieces(array) }),
  );
  return concatenateBytes([...pieces, zip.finish()]);
}

/**
 * The pieces of an archive in order, one array at a time, so that only one is in memory.
 *
 * @throws InvalidValueError as {@link encodeNpz} does.
 */
export async function* npzPieces(
  arrays: AsyncIterable<NamedArray> | Iterable<NamedArray>,
  options: NpzOptions = {},
): AsyncGenerator<Uint8Array> {
  const zip = new ZipWriter();
  const names = new Set<string>();
  for await (const [name, array] of arrays) {
    if (names.has(name))
      throw new InvalidValueError({ field: 'name', value: name, reason: 'is given twice' });
    names.add(name);
    yield* zip.add(await toMember(`${name}.npy`, npyPieces(array), options.deflate));
  }
  yield zip.finish();
}

async function toMember(
  path: string,
  pieces: readonly Uint8Array[],
  deflate: Deflate | undefined,
): Promise<NewZipMember> {
  if (deflate === undefined) return { path, pieces };
  const content = concatenateBytes(pieces);
  const compressed = await deflate(content, { encoding: 'deflate-raw' });
  return { path, pieces: [compressed], deflated: { sizeBytes: content.length, crc32: crc32(content) } };
}
