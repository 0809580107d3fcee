import { elementsOfBytes } from '../value/element-bytes.ts';
import type { ElementData, ElementType } from '../value/element-type.ts';
import { product } from '../value/lazy-array.ts';
import type { Value } from '../value/value.ts';
import type { GlobalHeap } from './global-heap.ts';
import { Hdf5Bytes, type Hdf5Widths } from './hdf5-bytes.ts';
import { hdf5Unsupported } from './hdf5-error.ts';
import { type Hdf5Type, hdf5TypeText, isBoolean } from './hdf5-type.ts';

/** What elements are decoded with. */
export interface DecodeContext {
  readonly heap: GlobalHeap;
  readonly widths: Hdf5Widths;
  /** The most bytes that values of variable length may have together. */
  readonly limitBytes: number;
  /** Counts those bytes over one reading. */
  readonly spent: { bytes: number };
  /** Offset in the file of what describes them, for errors. */
  readonly at: number;
}

const complexTypes = new Map<ElementType | undefined, ElementType>([
  ['float16', 'complex32'],
  ['float32', 'complex64'],
  ['float64', 'complex128'],
]);
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** What one text and one value of its own take in memory beside their bytes, about. */
const textOverheadBytes = 32;
const valueOverheadBytes = 256;

/** The element type of numbers; `undefined` for what is not held in one typed array. */
export function elementTypeOf(type: Hdf5Type): ElementType | undefined {
  switch (type.class) {
    case 'integer':
    case 'bitfield':
      if (![1, 2, 4, 8].includes(type.sizeBytes)) return undefined;
      return `${type.isSigned ? 'int' : 'uint'}${8 * type.sizeBytes}` as ElementType;
    case 'float':
      return type.form;
    case 'enum':
      return isBoolean(type) ? 'bool' : elementTypeOf(type.base);
    case 'complex':
      return complexTypes.get(elementTypeOf(type.base));
    case 'array':
      return elementTypeOf(type.base);
    case 'compound':
      return complexPairOf(type.members, type.sizeBytes);
    case 'reference':
      return type.sizeBytes === 8 ? 'uint64' : type.sizeBytes === 4 ? 'uint32' : undefined;
    default:
      return undefined;
  }
}

/** The kind of value that elements of a type make. */
export function kindOf(type: Hdf5Type): Value['kind'] {
  if (elementTypeOf(type) !== undefined) return 'numeric';
  switch (type.class) {
    case 'string':
    case 'variable-string':
      return 'text';
    case 'array':
      return kindOf(type.base);
    case 'compound':
      return 'table';
    case 'sequence':
      return 'cell';
    case 'opaque':
      return 'bytes';
    default:
      return 'opaque';
  }
}

/** The extents of a value: those of the dataset, and those of its elements where they are arrays. */
export function shapeOf(type: Hdf5Type, shape: readonly number[]): readonly number[] {
  return type.class === 'array' ? shapeOf(type.base, [...shape, ...type.dims]) : shape;
}

/**
 * The value of elements that follow each other.
 *
 * @throws FormatError when a type is not read, or what elements name is damaged.
 */
export async function decodeElements(
  type: Hdf5Type,
  { bytes, shape }: { readonly bytes: Uint8Array; readonly shape: readonly number[] },
  context: DecodeContext,
): Promise<Value> {
  const dtype = elementTypeOf(type);
  const whole = shapeOf(type, shape);
  if (dtype !== undefined) {
    const data = elementsOfBytes(dtype, bytes, byteOrderOf(type));
    const integer = integerOf(type);
    if (integer !== undefined) keepBits(data, integer);
    return { kind: 'numeric', dtype, shape: whole, order: 'row-major', data };
  }
  switch (type.class) {
    case 'array':
      return decodeElements(type.base, { bytes, shape: [...shape, ...type.dims] }, context);
    case 'string':
      spend(context, product(shape) * textOverheadBytes);
      return fixedTexts(type, bytes, shape);
    case 'opaque':
      return {
        kind: 'bytes',
        itemBytes: type.sizeBytes,
        data: bytes,
        isText: false,
        shape,
        order: 'row-major',
      };
    case 'variable-string':
      return variableTexts({ bytes, shape }, context);
    case 'sequence':
      return sequences(type.base, { bytes, shape }, context);
    case 'compound': {
      const columns: { name: string; value: Value }[] = [];
      for (const member of type.members) {
        const column = columnOf(bytes, {
          ...member,
          sizeBytes: member.type.sizeBytes,
          rowBytes: type.sizeBytes,
        });
        columns.push({
          name: member.name,
          value: await decodeElements(member.type, { bytes: column, shape }, context),
        });
      }
      return { kind: 'table', columns, shape, order: 'row-major' };
    }
    default:
      throw hdf5Unsupported(`elements of the type ${hdf5TypeText(type)} are not read`, context.at);
  }
}

/** How h5py stores complex numbers: a real part `r` and an imaginary part `i` of one type. */
function complexPairOf(
  members: Extract<Hdf5Type, { class: 'compound' }>['members'],
  sizeBytes: number,
): ElementType | undefined {
  const [real, imaginary] = members;
  if (members.length !== 2 || real?.name !== 'r' || imaginary?.name !== 'i') return undefined;
  const [first, second] = [real.type, imaginary.type];
  if (first.class !== 'float' || second.class !== 'float' || first.form !== second.form) return undefined;
  const isPacked =
    real.offset === 0 && imaginary.offset === first.sizeBytes && sizeBytes === 2 * first.sizeBytes;
  return isPacked && first.byteOrder === second.byteOrder ? complexTypes.get(first.form) : undefined;
}

/** The byte order of numbers. */
export function byteOrderOf(type: Hdf5Type): 'little' | 'big' {
  if ('byteOrder' in type) return type.byteOrder;
  if (type.class === 'compound') return byteOrderOf((type.members[0] as { readonly type: Hdf5Type }).type);
  return 'base' in type ? byteOrderOf(type.base) : 'little';
}

type IntegerType = Extract<Hdf5Type, { class: 'integer' | 'bitfield' }>;

/** The integer that elements are made of, where not all of its bits count. */
function integerOf(type: Hdf5Type): IntegerType | undefined {
  if (type.class === 'integer' || type.class === 'bitfield')
    return type.precision === 8 * type.sizeBytes ? undefined : type;
  return type.class === 'enum' || type.class === 'array' ? integerOf(type.base) : undefined;
}

/** Keeps of each number the bits that count, with their sign. */
function keepBits(data: ElementData, { precision, bitOffset, isSigned }: IntegerType): void {
  const counted = (value: bigint): bigint =>
    isSigned ? BigInt.asIntN(precision, value) : BigInt.asUintN(precision, value);
  for (let index = 0; index < data.length; index += 1) {
    const value = data[index] ?? 0;
    if (typeof value === 'bigint') data[index] = counted(value >> BigInt(bitOffset));
    else {
      const shifted = (value >> bitOffset) << (32 - precision);
      data[index] = isSigned ? shifted >> (32 - precision) : shifted >>> (32 - precision);
    }
  }
}

function columnOf(
  bytes: Uint8Array,
  place: { readonly offset: number; readonly sizeBytes: number; readonly rowBytes: number },
): Uint8Array {
  const { offset, sizeBytes, rowBytes } = place;
  const column = new Uint8Array((bytes.length / rowBytes) * sizeBytes);
  for (let from = offset, to = 0; to < column.length; from += rowBytes, to += sizeBytes)
    column.set(bytes.subarray(from, from + sizeBytes), to);
  return column;
}

/** Texts of one length; bytes where they are not valid UTF-8. */
function fixedTexts(
  { padding, sizeBytes }: Extract<Hdf5Type, { class: 'string' }>,
  bytes: Uint8Array,
  shape: readonly number[],
): Value {
  const data: string[] = [];
  for (let at = 0; at < bytes.length; at += sizeBytes) {
    const text = decoded(trimmed(bytes.subarray(at, at + sizeBytes), padding));
    if (text === undefined)
      return { kind: 'bytes', itemBytes: sizeBytes, data: bytes, isText: true, shape, order: 'row-major' };
    data.push(text);
  }
  return { kind: 'text', data, shape, order: 'row-major' };
}

function trimmed(bytes: Uint8Array, padding: 'terminated' | 'zeros' | 'spaces'): Uint8Array {
  if (padding === 'terminated') {
    const end = bytes.indexOf(0);
    return end < 0 ? bytes : bytes.subarray(0, end);
  }
  const pad = padding === 'zeros' ? 0 : 0x20;
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === pad) end -= 1;
  return bytes.subarray(0, end);
}

interface Elements {
  readonly bytes: Uint8Array;
  readonly shape: readonly number[];
}

async function variableTexts({ bytes, shape }: Elements, context: DecodeContext): Promise<Value> {
  const data: string[] = [];
  for await (const { bytes: content, count } of heapObjects({ bytes, shape }, context)) {
    const text = decoded(trimmed(content.subarray(0, count), 'terminated'));
    if (text === undefined) throw hdf5Unsupported('a text is not valid UTF-8', context.at);
    data.push(text);
  }
  return { kind: 'text', data, shape, order: 'row-major' };
}

async function sequences(base: Hdf5Type, elements: Elements, context: DecodeContext): Promise<Value> {
  const data: Value[] = [];
  for await (const { bytes, count } of heapObjects(elements, context)) {
    const dueBytes = count * base.sizeBytes;
    if (bytes.length < dueBytes)
      throw hdf5Unsupported('a sequence is longer than its object in the heap', context.at);
    data.push(await decodeElements(base, { bytes: bytes.slice(0, dueBytes), shape: [count] }, context));
  }
  return { kind: 'cell', data, shape: elements.shape, order: 'row-major' };
}

async function* heapObjects(
  { bytes, shape }: Elements,
  context: DecodeContext,
): AsyncGenerator<{ readonly bytes: Uint8Array; readonly count: number }> {
  const { heap, widths, at } = context;
  const itemBytes = 8 + widths.offsetBytes;
  const count = product(shape);
  for (let index = 0; index < count; index += 1) {
    const element = bytes.subarray(index * itemBytes, (index + 1) * itemBytes);
    const object = await heap.object(new Hdf5Bytes(element, at, widths));
    spend(context, object.bytes.length + valueOverheadBytes);
    yield object;
  }
}

/** Counts what values take, which can be more than the file has: elements that were never written, or name one object. */
function spend({ spent, limitBytes, at }: DecodeContext, bytes: number): void {
  spent.bytes += bytes;
  if (spent.bytes > limitBytes)
    throw hdf5Unsupported(
      `texts or values of variable length take more than the limit of ${limitBytes} bytes`,
      at,
    );
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
