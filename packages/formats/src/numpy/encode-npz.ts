import { concatenateBytes } from '../source/concatenate-bytes.ts';
import type { Deflate } from '../source/deflate.ts';
import { type LeaveOut, orLeftOut } from '../value/leave-out.ts';
import { entriesOf, pairsOf } from '../value/named-values.ts';
import type { Value } from '../value/value.ts';
import { crc32 } from '../zip/crc32.ts';
import { type NewZipMember, ZipWriter } from '../zip/zip-writer.ts';
import { namedPieces } from './encode-npy.ts';
import type { NpyArray } from './npy-array.ts';

/** Settings of {@link npzPieces}. */
export interface NpzOptions {
  /** Compresses every array, as `numpy.savez_compressed` does. @default arrays are stored as they are */
  readonly deflate?: Deflate | undefined;
  /** Called with each array that cannot be written, which is then left out. @default it is an error */
  readonly leaveOut?: LeaveOut | undefined;
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
  const pieces = entriesOf(arrays, 'arrays').flatMap(([name, array]) =>
    zip.add({ path: `${name}.npy`, pieces: namedPieces(array, name) }),
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
  { deflate, leaveOut }: NpzOptions = {},
): AsyncGenerator<Uint8Array> {
  const zip = new ZipWriter();
  for await (const [name, array] of pairsOf(arrays, 'arrays')) {
    const pieces = orLeftOut(name, () => namedPieces(array, name), leaveOut);
    if (pieces !== undefined) yield* zip.add(await toMember(`${name}.npy`, pieces, deflate));
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
