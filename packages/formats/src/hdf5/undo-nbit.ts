import { BitStream } from './bit-stream.ts';
import { hdf5Error } from './hdf5-error.ts';

const [atomic, array, compound, plain] = [1, 2, 3, 4];
const deepest = 16;

/** How one element of a type was packed. */
type Packing =
  | { readonly kind: 'bytes'; readonly sizeBytes: number }
  | {
      readonly kind: 'number';
      readonly sizeBytes: number;
      readonly isBigEndian: boolean;
      readonly precision: number;
      readonly offset: number;
    }
  | { readonly kind: 'array'; readonly sizeBytes: number; readonly count: number; readonly base: Packing }
  | {
      readonly kind: 'compound';
      readonly sizeBytes: number;
      readonly members: readonly { readonly offset: number; readonly packing: Packing }[];
    };

/**
 * Undoes the filter `nbit`: of each number only the bits that its type counts are stored.
 *
 * @throws FormatError when the parameters or the bytes do not fit the chunk.
 */
export function undoNbit(
  bytes: Uint8Array,
  {
    parameters,
    at,
    mostBytes,
  }: { readonly parameters: readonly number[]; readonly at: number; readonly mostBytes: number },
): Uint8Array {
  const [, isNotPacked = 0, count = 0] = parameters;
  if (isNotPacked !== 0) return bytes;
  const words = parameters.values().drop(3);
  const broken = (): Error => hdf5Error('the filter nbit has impossible parameters', at);
  const packing = packingOf(() => words.next().value ?? 0, broken, 0);
  const sizeBytes = count * packing.sizeBytes;
  if (sizeBytes > mostBytes || packing.sizeBytes === 0) throw broken();
  if (Math.ceil((count * bitsOf(packing)) / 8) > bytes.length)
    throw hdf5Error('a chunk of nbit has not the bytes that are due', at);
  const target = new Uint8Array(sizeBytes);
  const stream = new BitStream(bytes);
  for (let index = 0; index < count; index += 1)
    unpack(stream, packing, target.subarray(index * packing.sizeBytes, (index + 1) * packing.sizeBytes));
  return target;
}

function packingOf(next: () => number, broken: () => Error, depth: number): Packing {
  const kind = next();
  const sizeBytes = next();
  if (depth > deepest) throw broken();
  if (kind === plain) return { kind: 'bytes', sizeBytes };
  if (kind === atomic) {
    const [isBigEndian, precision, offset] = [next() === 1, next(), next()];
    if (precision === 0 || precision + offset > 8 * sizeBytes || sizeBytes > 16) throw broken();
    return { kind: 'number', sizeBytes, isBigEndian, precision, offset };
  }
  if (kind === array) {
    const base = packingOf(next, broken, depth + 1);
    const count = sizeBytes / base.sizeBytes;
    if (!Number.isInteger(count)) throw broken();
    return { kind: 'array', sizeBytes, count, base };
  }
  const memberCount = next();
  if (kind !== compound || memberCount > 0xffff) throw broken();
  const members = Array.from({ length: memberCount }, () => {
    const offset = next();
    const packing = packingOf(next, broken, depth + 1);
    if (offset + packing.sizeBytes > sizeBytes) throw broken();
    return { offset, packing };
  });
  return { kind: 'compound', sizeBytes, members };
}

function bitsOf(packing: Packing): number {
  switch (packing.kind) {
    case 'bytes':
      return 8 * packing.sizeBytes;
    case 'number':
      return packing.precision;
    case 'array':
      return packing.count * bitsOf(packing.base);
    case 'compound':
      return packing.members.reduce((bits, member) => bits + bitsOf(member.packing), 0);
  }
}

function unpack(stream: BitStream, packing: Packing, target: Uint8Array): void {
  switch (packing.kind) {
    case 'bytes':
      for (let byte = 0; byte < target.length; byte += 1) target[byte] = stream.take(8);
      return;
    case 'number':
      unpackNumber(stream, packing, target);
      return;
    case 'array':
      for (let at = 0; at < target.length; at += packing.base.sizeBytes)
        unpack(stream, packing.base, target.subarray(at, at + packing.base.sizeBytes));
      return;
    case 'compound':
      for (const { offset, packing: member } of packing.members)
        unpack(stream, member, target.subarray(offset, offset + member.sizeBytes));
  }
}

/** The bits of a number come from the highest to the lowest, and take their place in its bytes. */
function unpackNumber(
  stream: BitStream,
  { sizeBytes, isBigEndian, precision, offset }: Extract<Packing, { kind: 'number' }>,
  target: Uint8Array,
): void {
  for (let end = offset + precision; end > offset;) {
    const byte = Math.floor((end - 1) / 8);
    const start = Math.max(8 * byte, offset);
    target[isBigEndian ? sizeBytes - 1 - byte : byte] = stream.take(end - start) << (start - 8 * byte);
    end = start;
  }
}
