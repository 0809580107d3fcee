import { InvalidValueError } from '@holdfast/domain';
import { latin1Text, withoutPadding } from '../source/latin1-text.ts';
import { bytesOfElements } from '../value/element-bytes.ts';
import type { ElementData, ElementType } from '../value/element-type.ts';
import { product } from '../value/lazy-array.ts';
import { itemsInColumnMajor, toColumnMajor } from '../value/to-column-major.ts';
import type {
  BytesArray,
  NumericArray,
  SparseMatrix,
  StructArray,
  TextArray,
  Value,
} from '../value/value.ts';
import { element, sizeOf, tag } from './mat-element.ts';
import { mostDimensions } from './matlab-header.ts';
import {
  matlabClasses,
  miDouble,
  miInt32,
  miInt8,
  miMatrix,
  miUint32,
  miUint8,
  miUtf16,
  storedTypes,
} from './matlab-types.ts';

/** The content of an array after its name, and what its flags and dimensions say. */
interface ArrayParts {
  readonly className: string;
  readonly dims: readonly number[];
  readonly isComplex?: boolean;
  readonly isLogical?: boolean;
  /** Elements that a sparse matrix has room for. */
  readonly storedCount?: number;
  readonly content: readonly (readonly Uint8Array[])[];
}

const sparseTypes: ReadonlySet<ElementType> = new Set(['float64', 'complex128', 'bool']);
const largestExtent = 0x7fff_ffff;
const classNumbers = new Map(Array.from(matlabClasses, ([number, name]) => [name, number]));
const typeNumbers = new Map(Array.from(storedTypes, ([number, type]) => [type, number]));
const classOfType: ReadonlyMap<ElementType, string> = new Map([
  ['float64', 'double'],
  ['complex128', 'double'],
  ['float32', 'single'],
  ['complex64', 'single'],
  ['bool', 'uint8'],
]);

/**
 * An array as a data element, in pieces.
 *
 * @param path Where it is in its variable, for errors.
 * @throws InvalidValueError for a value without a class in MATLAB.
 */
export function encodeArray(value: Value, name: string, path: string): readonly Uint8Array[] {
  const {
    className,
    dims,
    isComplex = false,
    isLogical = false,
    storedCount = 0,
    content,
  } = partsOf(value, path);
  checkDims(dims, path);
  const flags = (classNumbers.get(className) ?? 0) | (isComplex ? 0x0800 : 0) | (isLogical ? 0x0200 : 0);
  const pieces = [
    ...element(miUint32, bytesOf('uint32', Uint32Array.of(flags, storedCount))),
    ...element(miInt32, bytesOf('int32', Int32Array.from(dims))),
    ...element(miInt8, new TextEncoder().encode(name)),
    ...content.flat(),
  ];
  return [tag(miMatrix, sizeOf(pieces)), ...pieces];
}

function checkDims(dims: readonly number[], path: string): void {
  if (dims.length <= mostDimensions && dims.every((extent) => extent <= largestExtent)) return;
  throw new InvalidValueError({
    field: path,
    value: dims.join('×'),
    reason: `has more than ${mostDimensions} dimensions, or one of more than ${largestExtent}`,
  });
}

function partsOf(value: Value, path: string): ArrayParts {
  switch (value.kind) {
    case 'numeric':
      return numericParts(value, path);
    case 'text':
      return textParts(value);
    case 'bytes':
      return textParts(textsOf(value, path));
    case 'cell': {
      const cells = itemsInColumnMajor(value.data, value);
      const content = cells.map((cell, index) => encodeArray(cell, '', `${path}{${index + 1}}`));
      return { className: 'cell', dims: matrixDims(value.shape), content };
    }
    case 'struct':
      return structParts(value, path);
    case 'sparse':
      return sparseParts(value, path);
    default: {
      const hint = 'Leave it out, or write its parts one by one.';
      throw new InvalidValueError({
        field: path,
        value: value.kind,
        reason: 'is a kind of value that MATLAB files are not written with',
        hint,
      });
    }
  }
}

/** The class of numbers of a type; `undefined` where MATLAB has none such. */
export function classOfElementType(type: ElementType): string | undefined {
  return classOfType.get(type) ?? (classNumbers.has(type) ? type : undefined);
}

function numericParts(value: NumericArray, path: string): ArrayParts {
  const { dtype, data, shape } = toColumnMajor(value);
  return { ...numberParts(dtype, data, path), dims: matrixDims(shape) };
}

/** Complex numbers are stored as all real parts, then all imaginary parts. */
function numberParts(
  dtype: ElementType,
  data: ElementData,
  path: string,
): Pick<ArrayParts, 'className' | 'isComplex' | 'isLogical' | 'content'> {
  const className = classOfElementType(dtype);
  if (className === undefined)
    throw new InvalidValueError({ field: path, value: dtype, reason: 'is a type that MATLAB does not have' });
  if (dtype === 'bool')
    return { className, isLogical: true, content: [element(miUint8, bytesOf(dtype, data))] };
  if (dtype !== 'complex64' && dtype !== 'complex128')
    return { className, content: [element(typeNumbers.get(dtype) ?? 0, bytesOf(dtype, data))] };
  const part = dtype === 'complex64' ? 'float32' : 'float64';
  const parts = [0, 1].map((lane) => {
    const numbers =
      part === 'float32' ? new Float32Array(data.length / 2) : new Float64Array(data.length / 2);
    for (let index = 0; index < numbers.length; index += 1) numbers[index] = Number(data[2 * index + lane]);
    return element(typeNumbers.get(part) ?? 0, bytesOf(part, numbers));
  });
  return { className, isComplex: true, content: parts };
}

/** Texts become the rows of an array of characters, padded with blanks as MATLAB pads them. */
function textParts(value: TextArray): ArrayParts {
  const texts = itemsInColumnMajor(value.data, value);
  const width = texts.reduce((widest, { length }) => Math.max(widest, length), 0);
  const rows = value.shape.length === 0 ? [1] : value.shape;
  const dims = texts.length === 0 ? [0, 0] : [...rows, width];
  const units = new Uint16Array(texts.length * width);
  for (const [row, text] of texts.entries())
    for (let column = 0; column < width; column += 1)
      units[row + column * texts.length] = column < text.length ? text.charCodeAt(column) : 0x20;
  return { className: 'char', dims, content: [element(miUtf16, bytesOf('uint16', units))] };
}

function textsOf({ shape, order, itemBytes, data, isText }: BytesArray, path: string): TextArray {
  if (!isText)
    throw new InvalidValueError({
      field: path,
      value: 'bytes',
      reason: 'is made of bytes without a meaning, for which MATLAB has no class',
    });
  const texts = Array.from({ length: product(shape) }, (_, item) =>
    latin1Text(withoutPadding(data.subarray(item * itemBytes, (item + 1) * itemBytes))),
  );
  return { kind: 'text', shape, order, data: texts };
}

function structParts({ shape, order, fields }: StructArray, path: string): ArrayParts {
  const longest = fields.reduce((length, { name }) => Math.max(length, name.length), 0);
  const nameBytes = Math.max(32, longest + 1);
  const names = new Uint8Array(fields.length * nameBytes);
  for (const [index, { name }] of fields.entries()) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
      throw new InvalidValueError({
        field: `${path}.${name}`,
        value: name,
        reason: 'is not a valid name of a field',
      });
    names.set(new TextEncoder().encode(name), index * nameBytes);
  }
  const ordered = fields.map(({ name, values }) => ({
    name,
    values: itemsInColumnMajor(values, { shape, order }),
  }));
  // Without fields, elements are a number in the dimensions alone.
  const length = fields.length === 0 ? 0 : product(shape);
  const content = Array.from({ length }, (_, index) =>
    ordered.flatMap(({ name, values }) => {
      const value = values[index];
      return value === undefined ? [] : encodeArray(value, '', `${path}.${name}`);
    }),
  );
  const head = [element(miInt32, bytesOf('int32', Int32Array.of(nameBytes))), element(miInt8, names)];
  return { className: 'struct', dims: matrixDims(shape), content: [...head, ...content] };
}

function sparseParts(
  { dtype, shape, columnPointers, rowIndices, data }: SparseMatrix,
  path: string,
): ArrayParts {
  if (!sparseTypes.has(dtype))
    throw new InvalidValueError({
      field: path,
      value: dtype,
      reason: 'is a type that sparse matrices of MATLAB do not have: float64, complex128 and bool are',
    });
  const { content, ...flags } = dtype === 'bool' ? logicalSparseParts(data) : numberParts(dtype, data, path);
  const indices = [rowIndices, columnPointers].map((numbers) => element(miInt32, bytesOf('int32', numbers)));
  return {
    ...flags,
    className: 'sparse',
    dims: shape,
    storedCount: rowIndices.length,
    content: [...indices, ...content],
  };
}

/** MATLAB writes one byte for each element under the type of eight, and scipy takes only that for logical. */
function logicalSparseParts(data: ElementData): Pick<ArrayParts, 'isComplex' | 'isLogical' | 'content'> {
  return { isLogical: true, content: [element(miDouble, bytesOf('bool', data))] };
}

/** At least two dimensions: what has one becomes a row. */
function matrixDims(shape: readonly number[]): readonly number[] {
  if (shape.length >= 2) return shape;
  return [1, shape[0] ?? 1];
}

function bytesOf(type: ElementType, data: ElementData): Uint8Array {
  return bytesOfElements(type, data, 'little');
}
