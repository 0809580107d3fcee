import { InvalidValueError } from '@holdfast/domain';
import { checkValue } from '../../value/check-value.ts';
import { bytesOfElements } from '../../value/element-bytes.ts';
import { itemsInRowMajor, toRowMajor, toRowMajorItems } from '../../value/to-row-major.ts';
import type { TableValue, Value } from '../../value/value.ts';
import { ByteWriter } from './byte-writer.ts';
import { checkRank } from './check-rank.ts';
import {
  compoundType,
  encodeElementType,
  fixedTextType,
  type NewMember,
  opaqueType,
  sizeOfType,
  textType,
} from './encode-datatype.ts';
import { GlobalHeapWriter } from './global-heap-writer.ts';

/** Elements as they are stored. */
export interface EncodedElements {
  /** The message that states their type. */
  readonly type: Uint8Array;
  readonly shape: readonly number[];
  /** Little-endian, the last dimension fastest. */
  readonly bytes: Uint8Array;
  /** What they point to, to be stored at the address that was given. */
  readonly heap: Uint8Array;
}

const kindTexts = {
  cell: 'values of variable length (such as sequences)',
  struct: 'a struct',
  sparse: 'a sparse matrix',
  opaque: 'an object of a program',
} as const;

type Column = Pick<EncodedElements, 'type' | 'bytes'>;

const encoder = new TextEncoder();

/**
 * Encodes a value: numbers, texts, bytes, and tables of these.
 *
 * @param heapAddress Where `heap` will be stored.
 * @param path Where the value is, for errors.
 * @throws InvalidValueError for what is not a whole value, and for what HDF5 has no form for; {@link reasonAgainst} says the
 *   latter beforehand.
 */
export function encodeElements(value: Value, heapAddress: number, path = 'value'): EncodedElements {
  checkValue(value, path);
  checkRank(shapeOf(value), `${path}.shape`);
  const heap = new GlobalHeapWriter(heapAddress);
  const { type, bytes } = columnOf(value, heap);
  return { type, bytes, shape: shapeOf(value), heap: heap.finish() };
}

function columnOf(value: Value, heap: GlobalHeapWriter): Column {
  switch (value.kind) {
    case 'numeric': {
      const type = encodeElementType(value.dtype);
      if (type === undefined) throw refused(`elements of ${value.dtype}`);
      const { data } = toRowMajor(value);
      return { type, bytes: bytesOfElements(value.dtype, data, 'little') };
    }
    case 'text':
      return { type: textType(), bytes: texts(itemsInRowMajor(value.data, value), heap) };
    case 'bytes': {
      const { itemBytes, isText, data } = value;
      if (itemBytes === 0) throw refused('items of no bytes');
      const type = isText ? fixedTextType(itemBytes) : opaqueType(itemBytes);
      return { type, bytes: toRowMajorItems(data, value) };
    }
    case 'table':
      return table(value, heap);
    default:
      throw refused(kindTexts[value.kind]);
  }
}

function texts(items: readonly string[], heap: GlobalHeapWriter): Uint8Array {
  const writer = new ByteWriter();
  for (const item of items) {
    const bytes = encoder.encode(item);
    if (bytes.includes(0)) throw refused('a text that holds the character 0');
    // An empty text points nowhere.
    const { address, index } = bytes.length === 0 ? { address: 0, index: 0 } : heap.add(bytes);
    writer.uint(4, bytes.length).uint(8, address).uint(4, index);
  }
  return writer.finish();
}

function table({ columns, shape }: TableValue, heap: GlobalHeapWriter): Column {
  const members: NewMember[] = [];
  const encoded: Column[] = [];
  const rowCount = shape.reduce((product, extent) => product * extent, 1);
  let rowBytes = 0;
  for (const { name, value } of columns) {
    if (shapeOf(value).length !== shape.length) throw refused(`arrays in the column ${name} of a compound`);
    const column = columnOf(value, heap);
    members.push({ name, offset: rowBytes, type: column.type });
    encoded.push(column);
    rowBytes += sizeOfType(column.type);
  }
  if (rowBytes === 0) throw refused('a table without columns');
  const bytes = new Uint8Array(rowCount * rowBytes);
  for (const [index, { bytes: from, type }] of encoded.entries()) {
    const itemBytes = sizeOfType(type);
    let to = members[index]?.offset ?? 0;
    for (let at = 0; at < from.length; at += itemBytes, to += rowBytes)
      bytes.set(from.subarray(at, at + itemBytes), to);
  }
  return { type: compoundType(members, rowBytes), bytes };
}

function shapeOf(value: Value): readonly number[] {
  return 'shape' in value ? value.shape : [];
}

function refused(what: string): InvalidValueError {
  return new InvalidValueError({
    field: 'value',
    value: what,
    reason: 'has no form in HDF5 files that Holdfast writes',
  });
}
