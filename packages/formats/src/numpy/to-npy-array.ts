import { InvalidValueError } from '@holdfast/domain';
import { bytesOfElements } from '../value/element-bytes.ts';
import { type ElementType, elementLayout } from '../value/element-type.ts';
import { product } from '../value/lazy-array.ts';
import { itemsInRowMajor, toRowMajor, toRowMajorItems } from '../value/to-row-major.ts';
import type { NumericArray, TableValue, TextArray, Value } from '../value/value.ts';
import type { NpyArray } from './npy-array.ts';
import { pythonTuple, quotedPython } from './numpy-dtype.ts';

/**
 * A value as NumPy stores it.
 *
 * @param path Where it is, for errors.
 * @throws InvalidValueError for what NumPy has no type for: bfloat16, float8, cells, structs, sparse matrices.
 */
export function toNpyArray(value: Value, path: string): NpyArray {
  switch (value.kind) {
    case 'numeric':
      return raw(value, {
        dtype: numpyType(value, path),
        data: bytesOfElements(value.dtype, value.data, 'little'),
      });
    case 'text':
      return raw(value, encodeTexts(value));
    case 'bytes':
      return raw(value, { dtype: `|${value.isText ? 'S' : 'V'}${value.itemBytes}`, data: value.data });
    case 'table':
      return encodeTable(value, path);
    default:
      throw new InvalidValueError({
        field: path,
        value: value.kind,
        reason: 'is of a kind that NumPy can store only as Python objects, which are not written',
      });
  }
}

/** The type of NumPy for the elements of an array; `undefined` where it has none. */
export function numpyTypeOf(dtype: ElementType, unit?: string): string | undefined {
  const { bits } = elementLayout(dtype);
  const [, word = '', digits] = /^(bool|u?int|float|complex|datetime|timedelta)(\d*)$/.exec(dtype) ?? [];
  const letter = { bool: 'b', int: 'i', uint: 'u', float: 'f', complex: 'c', datetime: 'M', timedelta: 'm' }[
    word
  ];
  if (letter === undefined || dtype === 'complex32') return undefined;
  const width = digits === '' ? 1 : bits / 8;
  return `${width === 1 ? '|' : '<'}${letter}${width}${unit === undefined ? '' : `[${unit}]`}`;
}

function numpyType({ dtype, unit }: NumericArray, path: string): string {
  const type = numpyTypeOf(dtype, unit);
  if (type === undefined)
    throw new InvalidValueError({
      field: path,
      value: dtype,
      reason: 'is a type that NumPy does not have',
    });
  return type;
}

function raw(
  { shape, order }: Pick<NumericArray, 'shape' | 'order'>,
  content: Pick<NpyArray, 'dtype' | 'data'>,
): NpyArray {
  return { ...content, shape, isFortranOrder: order === 'column-major' && shape.length > 1 };
}

function encodeTexts({ data }: TextArray): Pick<NpyArray, 'dtype' | 'data'> {
  const characters = data.map((text) => Array.from(text, (character) => character.codePointAt(0) ?? 0));
  const width = characters.reduce((longest, { length }) => Math.max(longest, length), 1);
  const bytes = new Uint8Array(data.length * width * 4);
  const view = new DataView(bytes.buffer);
  for (const [item, codes] of characters.entries())
    for (const [place, code] of codes.entries()) view.setUint32((item * width + place) * 4, code, true);
  return { dtype: `<U${width}`, data: bytes };
}

function encodeTable(table: TableValue, path: string): NpyArray {
  const { shape, columns } = table;
  const count = product(shape);
  const encoded = columns.map(({ name, value }) => {
    const { dtype, data, shape: whole } = toNpyArray(columnInRowMajor(value), `${path}.${name}`);
    const width = count === 0 ? 0 : data.byteLength / count;
    const inner = whole.slice(shape.length);
    const type = dtype.startsWith('[') ? dtype : quotedPython(dtype);
    const text = `(${quotedPython(name)}, ${type}${inner.length === 0 ? '' : `, ${pythonTuple(inner)}`})`;
    return { text, data, width };
  });
  const itemBytes = encoded.reduce((total, { width }) => total + width, 0);
  const bytes = new Uint8Array(itemBytes * count);
  let offset = 0;
  for (const { data, width } of encoded) {
    for (let row = 0; row < count; row += 1)
      bytes.set(data.subarray(row * width, (row + 1) * width), row * itemBytes + offset);
    offset += width;
  }
  return { dtype: `[${encoded.map(({ text }) => text).join(', ')}]`, shape, data: bytes };
}

/** Rows are written whole, so their order is that of all columns. */
function columnInRowMajor(value: Value): Value {
  if (value.kind === 'numeric') return toRowMajor(value);
  if (value.kind === 'text')
    return { ...value, order: 'row-major', data: itemsInRowMajor(value.data, value) };
  if (value.kind === 'bytes')
    return { ...value, order: 'row-major', data: toRowMajorItems(value.data, value) };
  return value;
}
