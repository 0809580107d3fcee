import { InvalidValueError } from '@holdfast/domain';
import { isBytes } from '../source/source-of.ts';
import { shapeElementCount } from '../tensor/shape-element-count.ts';
import { tagOf, whatIs } from '../what-is.ts';
import { elementBytes } from './element-bytes.ts';
import { elementLayout, type ElementType, isElementType } from './element-type.ts';
import type { CellArray, NumericArray, SparseMatrix, StructArray, TableValue, Value } from './value.ts';

/** How deep cells, structs and tables may be nested; readers go as deep. */
export const deepestNesting = 200;

const longestPath = 120;

type Unchecked<T> = { readonly [K in keyof T]?: unknown };

/**
 * Checks that something is a whole value, in all its parts, before it is written.
 *
 * @param path Where it is, for errors.
 * @throws InvalidValueError with what was given and what must be there.
 */
export function checkValue(value: unknown, path: string, depth = 0): asserts value is Value {
  if (depth > deepestNesting)
    refuse(path, value, `is nested deeper than ${deepestNesting} levels, or holds itself`);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) refuse(path, value, mustBeValue);
  const { kind } = value as Unchecked<Value>;
  const checked = value as Value;
  switch (kind) {
    case 'numeric':
      return checkNumbers(checked as NumericArray, path);
    case 'sparse':
      return checkSparse(checked as SparseMatrix, path);
    case 'opaque':
      return;
    case 'text':
    case 'bytes':
    case 'cell':
    case 'struct':
    case 'table':
      return checkItems(checked as Exclude<Value, { kind: 'numeric' | 'sparse' | 'opaque' }>, path, depth);
    default:
      refuse(`${path}.kind`, kind, mustBeValue);
  }
}

const mustBeValue =
  'must be a value: an object with the kind numeric, text, bytes, table, cell, struct, sparse or opaque';

/** The number of elements of a shape. */
export function checkShape(shape: unknown, path: string): number {
  const count = Array.isArray(shape) ? shapeElementCount(shape as readonly number[]) : undefined;
  return count ?? refuse(`${path}.shape`, shape, 'must be an array of whole numbers from 0 up');
}

/** Checks that a text names an element type. */
export function checkElementType(dtype: unknown, path: string): asserts dtype is ElementType {
  if (typeof dtype !== 'string' || !isElementType(dtype))
    refuse(`${path}.dtype`, dtype, 'must be an element type such as float32, int64 or bool');
}

/** Checks that a number counts something: whole, from 1 up. */
export function checkCount(field: string, count: unknown): asserts count is number {
  if (!Number.isSafeInteger(count) || Number(count) < 1)
    refuse(field, count, 'must be a whole number from 1 up');
}

/** Checks that a text is one. */
export function checkText(text: unknown, path: string): asserts text is string {
  if (typeof text !== 'string') refuse(path, text, 'must be a text');
}

/** Checks that something is so many bytes, and no wider array. */
export function checkBytes(data: unknown, dueBytes: number, path: string): asserts data is Uint8Array {
  if (isBytes(data) && data.byteLength === dueBytes) return;
  refuse(path, data, `must be a Uint8Array of the ${dueBytes} bytes that the shape needs`);
}

function checkNumbers(value: NumericArray, path: string): void {
  const count = checkLayout(value, path);
  checkElementType(value.dtype, path);
  checkData(value.dtype, value.data, { path, count });
}

/** The number of elements. */
function checkLayout({ shape, order }: Unchecked<NumericArray>, path: string): number {
  const count = checkShape(shape, path);
  if (order !== 'row-major' && order !== 'column-major')
    refuse(`${path}.order`, order, "must be 'row-major' or 'column-major'");
  return count;
}

interface Due {
  readonly path: string;
  readonly count: number;
}

function checkData(dtype: ElementType, data: unknown, { path, count }: Due): void {
  const { array, arrayName } = elementLayout(dtype);
  const dueBytes = elementBytes(dtype, count);
  if (ArrayBuffer.isView(data) && tagOf(data) === arrayName && data.byteLength === dueBytes) return;
  const entries = dueBytes / array.BYTES_PER_ELEMENT;
  refuse(`${path}.data`, data, `must be a ${arrayName} of ${entries} entries for ${count} of ${dtype}`);
}

function checkSparse(value: SparseMatrix, path: string): void {
  const { dtype, shape, columnPointers, rowIndices, data } = value;
  checkShape(shape, path);
  const [rows, columns] = shape;
  if (shape.length !== 2) refuse(`${path}.shape`, shape, 'must be two numbers: rows and columns');
  checkElementType(dtype, path);
  for (const [name, numbers] of Object.entries({ columnPointers, rowIndices }))
    if (!ArrayBuffer.isView(numbers) || tagOf(numbers) !== 'Int32Array')
      refuse(`${path}.${name}`, numbers, 'must be an Int32Array');
  const isRising = columnPointers.every((pointer, column) => pointer >= (columnPointers[column - 1] ?? 0));
  const ends = [columnPointers[0], columnPointers.at(-1)];
  if (columnPointers.length !== columns + 1 || !isRising || ends[0] !== 0 || ends[1] !== rowIndices.length)
    refuse(
      `${path}.columnPointers`,
      columnPointers,
      `must rise from 0 to ${rowIndices.length}, the number of elements, in ${columns + 1} entries`,
    );
  const outside = rowIndices.find((row) => row < 0 || row >= rows);
  if (outside !== undefined) refuse(`${path}.rowIndices`, outside, `is outside of the ${rows} rows`);
  checkData(dtype, data, { path, count: rowIndices.length });
}

type Items = Exclude<Value, { kind: 'numeric' | 'sparse' | 'opaque' }>;

function checkItems(value: Items, path: string, depth: number): void {
  const count = checkLayout(value, path);
  const at = { path, count };
  if (value.kind === 'text') {
    checkList(value.data, `${path}.data`, count);
    for (const [index, text] of value.data.entries()) checkText(text, `${path}.data[${index}]`);
  } else if (value.kind === 'bytes') {
    const { itemBytes, data } = value;
    if (!Number.isSafeInteger(itemBytes) || itemBytes < 0)
      refuse(`${path}.itemBytes`, itemBytes, 'must be a whole number of bytes');
    checkData('uint8', data, { path, count: count * itemBytes });
  } else if (value.kind === 'cell') checkCells(value, at, depth);
  else if (value.kind === 'struct') checkFields(value, at, depth);
  else checkColumns(value, path, depth);
}

function checkCells({ data }: CellArray, { path, count }: Due, depth: number): void {
  checkList(data, `${path}.data`, count);
  for (const [index, cell] of data.entries()) checkValue(cell, `${path}{${index + 1}}`, depth + 1);
}

function checkFields({ fields }: StructArray, { path, count }: Due, depth: number): void {
  checkNames(fields, `${path}.fields`);
  for (const { name, values } of fields) {
    checkList(values, `${path}.${name}`, count);
    for (const value of values) checkValue(value, `${path}.${name}`, depth + 1);
  }
}

function checkColumns({ shape, columns }: TableValue, path: string, depth: number): void {
  checkNames(columns, `${path}.columns`);
  for (const { name, value } of columns) {
    const at = `${path}.${name}`;
    checkValue(value, at, depth + 1);
    const own = value.kind === 'opaque' ? [] : value.shape;
    if (value.kind !== 'opaque' && !shape.every((extent, dimension) => own[dimension] === extent))
      refuse(`${at}.shape`, own, `must begin with that of the table, [${shape.join(', ')}]`);
  }
}

function checkList(list: unknown, path: string, count: number): void {
  if (!Array.isArray(list) || list.length !== count)
    refuse(path, list, `must be an array of ${count} entries, as many as the shape has`);
}

function checkNames(parts: readonly { readonly name: string }[], path: string): void {
  if (!Array.isArray(parts)) refuse(path, parts, 'must be an array');
  const names = new Set<string>();
  for (const part of parts as readonly unknown[]) {
    if (typeof part !== 'object' || part === null) refuse(path, part, 'must be an object with a name');
    const { name } = part as { readonly name?: unknown };
    checkText(name, `${path}.name`);
    if (names.has(name)) refuse(`${path}.name`, name, 'is given twice');
    names.add(name);
  }
}

function refuse(field: string, value: unknown, reason: string): never {
  const shown = field.length > longestPath ? `${field.slice(0, longestPath)}…` : field;
  throw new InvalidValueError({ field: shown, value: whatIs(value), reason });
}
