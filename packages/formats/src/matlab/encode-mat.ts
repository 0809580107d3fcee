import { InvalidValueError } from '@holdfast/domain';
import { concatenateBytes } from '../source/concatenate-bytes.ts';
import type { Deflate } from '../source/deflate.ts';
import { checkValue } from '../value/check-value.ts';
import { type LeaveOut, orLeftOut } from '../value/leave-out.ts';
import { entriesOf, pairsOf } from '../value/named-values.ts';
import type { Value } from '../value/value.ts';
import { encodeArray } from './encode-mat-array.ts';
import { sizeOf, tag } from './mat-element.ts';
import { miCompressed } from './matlab-types.ts';

/** Settings of {@link matPieces}. */
export interface MatOptions {
  /** Compresses every variable, as MATLAB 7 does. @default variables are stored as they are, as in version 6 */
  readonly deflate?: Deflate | undefined;
  /** Called with each variable that cannot be written, which is then left out. @default it is an error */
  readonly leaveOut?: LeaveOut | undefined;
}

/** A value with the name of its variable. */
export type NamedValue = readonly [name: string, value: Value];

const namePattern = /^[A-Za-z][A-Za-z0-9_]{0,62}$/;
const headerBytes = 128;

/**
 * Writes variables as a MATLAB file of version 5 (what MATLAB calls `-v6`), which MATLAB, Octave and scipy read. The same
 * values give the same bytes.
 *
 * Written are arrays of numbers and logical values, complex ones too, texts, cells, structs and sparse matrices. An array of
 * one dimension becomes a row.
 *
 * @throws InvalidValueError for a name that is no name of MATLAB, a value that is not whole or has no class there, and what
 *   exceeds 4 GiB, which the format cannot hold.
 */
export function encodeMat(variables: { readonly [name: string]: Value }): Uint8Array {
  const pieces = entriesOf(variables, 'variables').flatMap(([name, value]) => encodeVariable(name, value));
  return concatenateBytes([header(), ...pieces]);
}

/**
 * The pieces of the same file in order, one variable at a time, so that only one is in memory.
 *
 * @throws InvalidValueError as {@link encodeMat} does, and for a name given twice.
 */
export async function* matPieces(
  variables: AsyncIterable<NamedValue> | Iterable<NamedValue>,
  { deflate, leaveOut }: MatOptions = {},
): AsyncGenerator<Uint8Array> {
  yield header();
  for await (const [name, value] of pairsOf(variables, 'variables')) {
    const pieces = orLeftOut(name, () => encodeVariable(name, value), leaveOut);
    if (pieces === undefined) continue;
    if (deflate === undefined) yield* pieces;
    else {
      const compressed = await deflate(concatenateBytes(pieces), { encoding: 'zlib' });
      yield tag(miCompressed, compressed.byteLength);
      yield compressed;
    }
  }
}

function encodeVariable(name: string, value: Value): readonly Uint8Array[] {
  if (!namePattern.test(name)) {
    throw new InvalidValueError({
      field: 'name',
      value: name,
      reason: 'is not a valid name of a MATLAB variable',
      hint: 'A letter, then letters, digits and underscores, 63 in all.',
    });
  }
  checkValue(value, name);
  const pieces = encodeArray(value, name, name);
  if (sizeOf(pieces) < 2 ** 32) return pieces;
  throw new InvalidValueError({
    field: name,
    value: sizeOf(pieces),
    reason: 'is more than the 4 GiB that a variable of the format can take',
  });
}

/** Without a date, so that the same values give the same bytes. */
function header(): Uint8Array {
  const bytes = new Uint8Array(headerBytes).fill(0x20, 0, 116);
  bytes.set(new TextEncoder().encode('MATLAB 5.0 MAT-file, written by Holdfast'));
  bytes.set([0x00, 0x01, 0x49, 0x4d], 124);
  return bytes;
}
