import type { ByteOrder } from '../value/element-bytes.ts';

interface Sized {
  readonly sizeBytes: number;
}

/** The type of the elements of a dataset or an attribute, as the file states it. */
export type Hdf5Type = Sized &
  (
    | {
        readonly class: 'integer' | 'bitfield';
        readonly byteOrder: ByteOrder;
        readonly isSigned: boolean;
        /** The bits that count, from `bitOffset` on; usually all. */
        readonly precision: number;
        readonly bitOffset: number;
      }
    | {
        readonly class: 'float';
        readonly byteOrder: ByteOrder;
        /** The known form that its bits have. */
        readonly form: 'float16' | 'bfloat16' | 'float32' | 'float64' | undefined;
      }
    | { readonly class: 'string'; readonly padding: 'terminated' | 'zeros' | 'spaces' }
    | { readonly class: 'variable-string' }
    | { readonly class: 'sequence'; readonly base: Hdf5Type }
    | {
        readonly class: 'enum';
        readonly base: Hdf5Type;
        readonly names: readonly string[];
        /** The values of the names, one after the other, as the base type has them. */
        readonly values: Uint8Array;
      }
    | { readonly class: 'compound'; readonly members: readonly Hdf5Member[] }
    | { readonly class: 'array'; readonly dims: readonly number[]; readonly base: Hdf5Type }
    | { readonly class: 'complex'; readonly base: Hdf5Type }
    | { readonly class: 'opaque'; readonly tag: string }
    | { readonly class: 'reference' }
    | { readonly class: 'unsupported'; readonly what: string }
  );

/** One column of a compound type. */
export interface Hdf5Member {
  readonly name: string;
  readonly offset: number;
  readonly type: Hdf5Type;
}

/** A type in words, such as `int16 big-endian` or `{ x: float64, name: string }`. */
export function hdf5TypeText(type: Hdf5Type): string {
  switch (type.class) {
    case 'integer':
      return `${type.isSigned ? 'int' : 'uint'}${8 * type.sizeBytes}${bits(type)}${order(type)}`;
    case 'bitfield':
      return `bitfield${8 * type.sizeBytes}${bits(type)}${order(type)}`;
    case 'float':
      return `${type.form ?? `float of ${type.sizeBytes} bytes`}${order(type)}`;
    case 'string':
      return `string of ${type.sizeBytes} bytes`;
    case 'variable-string':
      return 'string';
    case 'sequence':
      return `sequence of ${hdf5TypeText(type.base)}`;
    case 'enum':
      return isBoolean(type) ? 'bool' : `enum of ${hdf5TypeText(type.base)}`;
    case 'compound':
      return `{ ${type.members.map((member) => `${member.name}: ${hdf5TypeText(member.type)}`).join(', ')} }`;
    case 'array':
      return `${hdf5TypeText(type.base)}[${type.dims.join(', ')}]`;
    case 'complex':
      return `complex of ${hdf5TypeText(type.base)}`;
    case 'opaque':
      return `opaque of ${type.sizeBytes} bytes${type.tag === '' ? '' : ` (${type.tag})`}`;
    case 'reference':
      return 'object reference';
    case 'unsupported':
      return type.what;
  }
}

/** Whether an enumeration is how h5py stores booleans. */
export function isBoolean(type: Hdf5Type): boolean {
  if (type.class !== 'enum' || type.sizeBytes !== 1) return false;
  const pairs = type.names.map((name, index) => `${name}=${type.values[index]}`);
  return pairs.toSorted().join() === 'FALSE=0,TRUE=1';
}

function order({ byteOrder, sizeBytes }: { readonly byteOrder: ByteOrder } & Sized): string {
  return byteOrder === 'big' && sizeBytes > 1 ? ' big-endian' : '';
}

function bits({ precision, sizeBytes }: { readonly precision: number } & Sized): string {
  return precision === 8 * sizeBytes ? '' : ` of ${precision} bits`;
}
