import type { ElementType } from '../../value/element-type.ts';
import { ByteWriter } from './byte-writer.ts';

/** A member of a compound type. */
export interface NewMember {
  readonly name: string;
  readonly offset: number;
  readonly type: Uint8Array;
}

interface FloatForm {
  readonly sizeBytes: number;
  readonly exponentBits: number;
  readonly mantissaBits: number;
}

const floats: ReadonlyMap<ElementType, FloatForm> = new Map([
  ['float16', { sizeBytes: 2, exponentBits: 5, mantissaBits: 10 }],
  ['bfloat16', { sizeBytes: 2, exponentBits: 8, mantissaBits: 7 }],
  ['float32', { sizeBytes: 4, exponentBits: 8, mantissaBits: 23 }],
  ['float64', { sizeBytes: 8, exponentBits: 11, mantissaBits: 52 }],
]);
const integers: ReadonlyMap<string, readonly [sizeBytes: number, isSigned: boolean]> = new Map(
  [1, 2, 4, 8].flatMap((size) =>
    [true, false].map((isSigned) => [`${isSigned ? '' : 'u'}int${8 * size}`, [size, isSigned]] as const),
  ),
);
const complexParts: ReadonlyMap<ElementType, ElementType> = new Map([
  ['complex32', 'float16'],
  ['complex64', 'float32'],
  ['complex128', 'float64'],
]);

/**
 * The message that states the type of numbers, little-endian, in the forms that h5py writes: booleans as an enumeration,
 * complex numbers as a compound of `r` and `i`. `undefined` for types that HDF5 has no form for.
 */
export function encodeElementType(type: ElementType): Uint8Array | undefined {
  const float = floats.get(type);
  if (float !== undefined) return floatType(float);
  const integer = integers.get(type);
  if (integer !== undefined) return integerType(...integer);
  if (type === 'bool') return booleanType();
  const part = complexParts.get(type);
  const partType = part && encodeElementType(part);
  if (partType === undefined) return undefined;
  const partBytes = sizeOfType(partType);
  return compoundType(
    [
      { name: 'r', offset: 0, type: partType },
      { name: 'i', offset: partBytes, type: partType },
    ],
    2 * partBytes,
  );
}

/** Texts of any length in UTF-8. */
export function textType(): Uint8Array {
  return head(9, { bits: 0x0101, sizeBytes: 16 }).bytes(integerType(1, false)).finish();
}

/** Texts of one length in UTF-8, padded with zeros. */
export function fixedTextType(sizeBytes: number): Uint8Array {
  return head(3, { bits: 0x11, sizeBytes }).finish();
}

/** Bytes that mean nothing to the format. */
export function opaqueType(sizeBytes: number): Uint8Array {
  return head(5, { bits: 0, sizeBytes }).finish();
}

/** Members side by side. */
export function compoundType(members: readonly NewMember[], sizeBytes: number): Uint8Array {
  const writer = head(6, { bits: members.length, sizeBytes });
  for (const { name, offset, type } of members) {
    const text = new ByteWriter().text(`${name}\0`).align().finish();
    writer.bytes(text).uint(4, offset).zeros(28).bytes(type);
  }
  return writer.finish();
}

/** The bytes that an element of a type takes. */
export function sizeOfType(type: Uint8Array): number {
  return new DataView(type.buffer, type.byteOffset).getUint32(4, true);
}

function integerType(sizeBytes: number, isSigned: boolean): Uint8Array {
  return head(0, { bits: isSigned ? 8 : 0, sizeBytes })
    .uint(2, 0, 8 * sizeBytes)
    .finish();
}

function floatType({ sizeBytes, exponentBits, mantissaBits }: FloatForm): Uint8Array {
  const sign = 8 * sizeBytes - 1;
  return head(1, { bits: 0x20 | (sign << 8), sizeBytes })
    .uint(2, 0, 8 * sizeBytes)
    .uint(1, mantissaBits, exponentBits, 0, mantissaBits)
    .uint(4, 2 ** (exponentBits - 1) - 1)
    .finish();
}

function booleanType(): Uint8Array {
  const writer = head(8, { bits: 2, sizeBytes: 1 }).bytes(integerType(1, true));
  return writer.text('FALSE\0\0\0TRUE\0\0\0\0').uint(1, 0, 1).finish();
}

/** Class and version, 24 bits of the class's own, size. All of it is a multiple of 8 before the members of a compound type. */
function head(
  typeClass: number,
  { bits, sizeBytes }: { readonly bits: number; readonly sizeBytes: number },
): ByteWriter {
  return new ByteWriter().uint(1, 0x10 | typeClass, bits & 0xff, (bits >> 8) & 0xff, 0).uint(4, sizeBytes);
}
