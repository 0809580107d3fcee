import type { Hdf5Bytes } from './hdf5-bytes.ts';
import type { Hdf5Member, Hdf5Type } from './hdf5-type.ts';

const deepestType = 32;
const paddings = ['terminated', 'zeros', 'spaces'] as const;

interface Head {
  readonly version: number;
  readonly bits: number;
  readonly sizeBytes: number;
  readonly depth: number;
}

/**
 * Reads a datatype message.
 *
 * @throws FormatError when it is broken; what is valid and not read is a type of class `unsupported`.
 */
export function readDatatype(bytes: Hdf5Bytes, depth = 0): Hdf5Type {
  if (depth > deepestType) throw bytes.error(`a type is nested more than ${deepestType} deep`);
  const start = bytes.at;
  const word = bytes.uint(1);
  const head = { version: word >> 4, bits: bytes.uint(3), sizeBytes: bytes.uint(4), depth };
  if (head.version < 1 || head.version > 5)
    throw bytes.error(`version ${head.version} of a type is unknown`, start);
  if (head.sizeBytes === 0) throw bytes.error('a type has no size', start);
  const type = typeOfClass(bytes, word & 15, head);
  if (type !== undefined) return type;
  throw bytes.error(`a type of class ${word & 15} is unknown`, start);
}

function typeOfClass(bytes: Hdf5Bytes, typeClass: number, head: Head): Hdf5Type | undefined {
  const { bits, sizeBytes } = head;
  switch (typeClass) {
    case 0:
    case 4:
      return integer(bytes, typeClass === 0 ? 'integer' : 'bitfield', head);
    case 1:
      return float(bytes, head);
    case 2:
      bytes.skip(2);
      return { class: 'unsupported', what: 'time', sizeBytes };
    case 3: {
      const padding = paddings[bits & 15];
      if (padding === undefined) throw bytes.error('the padding of a string is unknown');
      return { class: 'string', padding, sizeBytes };
    }
    case 5:
      return { class: 'opaque', tag: bytes.text(bits & 0xff).replace(/\0+$/, ''), sizeBytes };
    case 6:
      return compound(bytes, head);
    case 7:
      if ((bits & 15) === 0 && sizeBytes === bytes.widths.offsetBytes)
        return { class: 'reference', sizeBytes };
      return { class: 'unsupported', what: 'reference to a region or an attribute', sizeBytes };
    case 8:
      return enumeration(bytes, head);
    case 9:
      return variable(bytes, head);
    case 10:
      return array(bytes, head);
    case 11: {
      const base = readDatatype(bytes, head.depth + 1);
      if (base.sizeBytes * 2 !== sizeBytes) throw bytes.error('a complex type has not the size of two parts');
      return { class: 'complex', base, sizeBytes };
    }
    default:
      return undefined;
  }
}

function integer(bytes: Hdf5Bytes, kind: 'integer' | 'bitfield', { bits, sizeBytes }: Head): Hdf5Type {
  const bitOffset = bytes.uint(2);
  const precision = bytes.uint(2);
  if (precision === 0 || bitOffset + precision > 8 * sizeBytes)
    throw bytes.error('the bits of an integer are outside of its bytes');
  return {
    class: kind,
    byteOrder: bits & 1 ? 'big' : 'little',
    isSigned: kind === 'integer' && (bits & 8) !== 0,
    precision,
    bitOffset,
    sizeBytes,
  };
}

/** Size, sign, exponent's place and size, mantissa's place and size, bias. */
const floatForms = new Map([
  ['2,15,10,5,0,10,15', 'float16'],
  ['2,15,7,8,0,7,127', 'bfloat16'],
  ['4,31,23,8,0,23,127', 'float32'],
  ['8,63,52,11,0,52,1023', 'float64'],
] as const);

function float(bytes: Hdf5Bytes, { bits, sizeBytes }: Head): Hdf5Type {
  const isPlain = bytes.uint(2) === 0 && bytes.uint(2) === sizeBytes * 8;
  const fields = [1, 1, 1, 1, 4].map((width) => bytes.uint(width));
  if ((bits & 0x41) > 1) return { class: 'unsupported', what: 'float of a VAX', sizeBytes };
  const key = [sizeBytes, (bits >> 8) & 0xff, ...fields].join();
  const isImplied = ((bits >> 4) & 3) === 2;
  const form = isPlain && isImplied ? floatForms.get(key as '2,15,10,5,0,10,15') : undefined;
  return { class: 'float', byteOrder: bits & 1 ? 'big' : 'little', form, sizeBytes };
}

function compound(bytes: Hdf5Bytes, { version, bits, sizeBytes, depth }: Head): Hdf5Type {
  const members: Hdf5Member[] = [];
  const offsetWidth = version < 3 ? 4 : Math.floor(Math.log2(sizeBytes) / 8) + 1;
  for (let index = 0; index < (bits & 0xffff); index += 1) {
    const name = typeName(bytes, version);
    const offset = bytes.uint(offsetWidth);
    const dims = version === 1 ? oldDims(bytes) : [];
    const base = readDatatype(bytes, depth + 1);
    const type = dims.length === 0 ? base : arrayOf(bytes, base, dims);
    if (offset + type.sizeBytes > sizeBytes)
      throw bytes.error('a member of a compound type is outside of it');
    members.push({ name, offset, type });
  }
  return { class: 'compound', members, sizeBytes };
}

function oldDims(bytes: Hdf5Bytes): number[] {
  const rank = bytes.uint(1);
  if (rank > 4) throw bytes.error('a member of a compound type has more than 4 dimensions');
  bytes.skip(11);
  return [0, 1, 2, 3].map(() => bytes.uint(4)).slice(0, rank);
}

function enumeration(bytes: Hdf5Bytes, { version, bits, sizeBytes, depth }: Head): Hdf5Type {
  const base = readDatatype(bytes, depth + 1);
  if (base.class !== 'integer' || base.sizeBytes !== sizeBytes)
    throw bytes.error('an enumeration is not of integers of its size');
  const names = Array.from({ length: bits & 0xffff }, () => typeName(bytes, version));
  return { class: 'enum', base, names, values: bytes.take(names.length * sizeBytes), sizeBytes };
}

function variable(bytes: Hdf5Bytes, { bits, sizeBytes, depth }: Head): Hdf5Type {
  const base = readDatatype(bytes, depth + 1);
  if (sizeBytes !== 8 + bytes.widths.offsetBytes)
    throw bytes.error('a type of variable length has a wrong size');
  if ((bits & 15) === 1) return { class: 'variable-string', sizeBytes };
  return { class: 'sequence', base, sizeBytes };
}

function array(bytes: Hdf5Bytes, { version, sizeBytes, depth }: Head): Hdf5Type {
  const rank = bytes.uint(1);
  if (version < 3) bytes.skip(3);
  const dims = Array.from({ length: rank }, () => bytes.uint(4));
  if (version < 3) bytes.skip(4 * rank);
  const type = arrayOf(bytes, readDatatype(bytes, depth + 1), dims);
  if (type.sizeBytes !== sizeBytes) throw bytes.error('an array type has not the size of its elements');
  return type;
}

function arrayOf(bytes: Hdf5Bytes, base: Hdf5Type, dims: readonly number[]): Hdf5Type {
  const sizeBytes = dims.reduce((size, extent) => size * extent, base.sizeBytes);
  if (sizeBytes === 0 || sizeBytes > 0xffff_ffff) throw bytes.error('an array type has an impossible size');
  return { class: 'array', base, dims, sizeBytes };
}

function typeName(bytes: Hdf5Bytes, version: number): string {
  const start = bytes.at;
  const name = bytes.terminatedText();
  if (version < 3) bytes.skip((8 - ((bytes.at - start) % 8)) % 8);
  return name;
}
