import { deepestNesting } from '../value/check-value.ts';
import { product } from '../value/lazy-array.ts';
import type { OpaqueValue, SparseMatrix, StructArray, Value } from '../value/value.ts';
import type { MatlabBytes } from './matlab-bytes.ts';
import { readArrayHeader, type MatlabArrayHeader } from './matlab-header.ts';
import { numericTypeOf, readNumbers, readParts, widen } from './matlab-numbers.ts';
import { readTexts } from './matlab-text.ts';
import { miMatrix } from './matlab-types.ts';
import { sparseFault } from './sparse-fault.ts';

/** Each costs memory many times its bytes. */
const mostFields = 65_536;
/** The least that an array takes: its tag. */
const leastArrayBytes = 8;

/** Reads the content of an array of any class. Nothing in it is run: objects and functions are named and kept. */
export function readArray(view: MatlabBytes, header: MatlabArrayHeader, depth = 0): Value {
  if (depth > deepestNesting)
    throw view.error(`arrays are nested deeper than ${deepestNesting} levels`, header.bodyAt);
  switch (header.className) {
    case 'cell': {
      const { values } = readNested(view, header, { at: header.bodyAt, count: product(header.dims), depth });
      return { kind: 'cell', shape: header.dims, order: 'column-major', data: values };
    }
    case 'struct':
      return readStruct(view, header, { at: header.bodyAt, depth });
    case 'object': {
      const nameElement = view.element(header.bodyAt, header.end);
      const content = readStruct(view, header, { at: nameElement.next, depth });
      return { kind: 'opaque', className: view.name(nameElement), type: 'object', content };
    }
    case 'function': {
      const { values } = readNested(view, header, { at: header.bodyAt, count: 1, depth });
      return { kind: 'opaque', className: 'function_handle', type: 'function', content: values[0] };
    }
    case 'opaque':
      return readOpaque(view, header, depth);
    case 'sparse':
      return readSparse(view, header);
    case 'char':
      return readTexts(view, header);
    default:
      return readNumbers(view, header);
  }
}

interface Nested {
  readonly at: number;
  readonly count: number;
  readonly depth: number;
}

/** Arrays that follow each other in an array. */
function readNested(
  view: MatlabBytes,
  header: MatlabArrayHeader,
  { at, count, depth }: Nested,
): { readonly values: Value[]; readonly next: number } {
  if (count * leastArrayBytes > header.end - at)
    throw view.error(`${count} arrays are claimed in ${header.end - at} bytes`, at);
  const values: Value[] = [];
  let next = at;
  for (let index = 0; index < count; index += 1) {
    const element = view.element(next, header.end);
    if (element.type !== miMatrix)
      throw view.error(`a data element of type ${element.type} is in the place of an array`, next);
    values.push(readElement(view, element, depth + 1));
    next = element.next;
  }
  return { values, next };
}

/** One for all: a file can claim as many as it has tags. */
const nothing: Value = {
  kind: 'numeric',
  dtype: 'float64',
  shape: [1, 0],
  order: 'column-major',
  data: new Float64Array(0),
};

/** An element without any content is an empty array, in the shape that scipy gives it. */
function readElement(
  view: MatlabBytes,
  { start, sizeBytes }: { readonly start: number; readonly sizeBytes: number },
  depth: number,
): Value {
  if (sizeBytes === 0) return nothing;
  return readArray(view, readArrayHeader(view, start, start + sizeBytes), depth);
}

function readStruct(
  view: MatlabBytes,
  header: MatlabArrayHeader,
  { at, depth }: { readonly at: number; readonly depth: number },
): StructArray {
  const lengthElement = view.element(at, header.end);
  const [nameBytes] = view.extents(lengthElement);
  if (nameBytes === undefined || nameBytes === 0) throw view.error('the names of fields have no length', at);
  const namesElement = view.element(lengthElement.next, header.end);
  if (namesElement.sizeBytes > mostFields * nameBytes)
    throw view.error(`a struct claims more than ${mostFields} fields`, namesElement.at);
  const names = fieldNames(view.name(namesElement), nameBytes);
  const count = product(header.dims);
  const { values } = readNested(view, header, { at: namesElement.next, count: count * names.length, depth });
  const fields = names.map((name, field) => ({
    name,
    values: Array.from(
      { length: names.length === 0 ? 0 : count },
      (_, index) => values[index * names.length + field] as Value,
    ),
  }));
  return { kind: 'struct', shape: header.dims, order: 'column-major', fields };
}

/** The names of fields; one that was there before gets in front how often it was, as in scipy. */
function fieldNames(text: string, nameBytes: number): string[] {
  const names: string[] = [];
  const counts = new Map<string, number>();
  for (let at = 0; at + nameBytes <= text.length; at += nameBytes) {
    const name = text.slice(at, at + nameBytes).replace(/\0.*$/s, '');
    const count = counts.get(name) ?? 0;
    counts.set(name, count + 1);
    names.push(count === 0 ? name : `_${count}_${name}`);
  }
  return names;
}

function readOpaque(view: MatlabBytes, header: MatlabArrayHeader, depth: number): OpaqueValue {
  const typeElement = view.element(header.bodyAt, header.end);
  const classElement = view.element(typeElement.next, header.end);
  const { values } = readNested(view, header, { at: classElement.next, count: 1, depth });
  return {
    kind: 'opaque',
    className: view.name(classElement),
    type: view.name(typeElement),
    content: values[0],
  };
}

function readSparse(view: MatlabBytes, header: MatlabArrayHeader): SparseMatrix {
  const [rows = 0, columns = 0] = header.dims;
  if (header.dims.length !== 2)
    throw view.error('a sparse matrix has more than two dimensions', header.bodyAt);
  const rowElement = view.element(header.bodyAt, header.end);
  const columnElement = view.element(rowElement.next, header.end);
  const rowNumbers = view.numbers(rowElement).data;
  const columnPointers = widen(view.numbers(columnElement).data, 'int32') as Int32Array;
  const allIndices = widen(rowNumbers, 'int32') as Int32Array;
  const fault = sparseFault({ rows, columns, columnPointers, rowIndices: allIndices });
  if (fault !== undefined) throw view.error(fault, columnElement.at);
  const count = columnPointers.at(-1) ?? 0;
  const rowIndices = allIndices.subarray(0, count);
  const data = sparseData(view, header, { at: columnElement.next, count });
  return { kind: 'sparse', shape: [rows, columns], columnPointers, rowIndices, ...data };
}

/**
 * More elements may have room than are stored. MATLAB writes logical ones with one byte each under the type of eight
 * bytes: their number tells.
 */
function sparseData(
  view: MatlabBytes,
  header: MatlabArrayHeader,
  { at, count }: { readonly at: number; readonly count: number },
): Pick<SparseMatrix, 'dtype' | 'data'> {
  const element = view.element(at, header.end);
  if (header.isLogical && element.sizeBytes === count)
    return { dtype: 'bool', data: widen(view.content(element), 'bool') };
  const stored = view.numbers(element);
  if (stored.data.length < count)
    throw view.error(`${stored.data.length} elements are stored where ${count} are due`, at);
  const dtype = numericTypeOf({ ...header, className: 'double' }) ?? 'float64';
  const { data } = readParts(view, at, { header, dtype, count: stored.data.length });
  return { dtype, data: data.subarray(0, header.isComplex ? 2 * count : count) };
}
