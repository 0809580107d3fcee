import type { ByteRangeSource } from '../source/byte-range-source.ts';
import { bytesSource } from '../source/bytes-source.ts';
import { readExactly, sliceSource } from '../source/read-exactly.ts';
import {
  bytesOfElements,
  type ByteOrder,
  elementBytes,
  elementsOfBytes,
  hostByteOrder,
  makeElements,
} from '../value/element-bytes.ts';
import type { ElementData } from '../value/element-type.ts';
import { lazyArray } from '../value/lazy-array.ts';
import type { LazyValue } from '../value/lazy-value.ts';
import { lazyWhole } from '../value/lazy-whole.ts';
import type { SparseMatrix, TextArray } from '../value/value.ts';
import { matVariable, type MatVariable } from './mat-variable.ts';
import { matlabError } from './matlab-error.ts';
import type { Matlab4Record } from './matlab4-records.ts';

/** A variable of a MATLAB 4 file. Numbers keep the type that they are stored in, as scipy keeps it. */
export async function matlab4Variable(
  source: ByteRangeSource,
  record: Matlab4Record,
  byteOrder: ByteOrder,
): Promise<MatVariable> {
  const { name, kind, rows, columns, dtype, isComplex } = record;
  const described = { name, order: 'column-major', typeText: dtype } as const;
  const file = { source, record, byteOrder };
  const facts = { dims: [rows, columns], storedBytes: record.end - record.dataStart };
  if (kind === 'text') {
    const load = (signal?: AbortSignal): Promise<TextArray> => readText(file, signal);
    const value = lazyWhole({ ...described, kind, shape: [rows], sizeBytes: rows * columns, load });
    return matVariable(value, { ...facts, className: 'char' });
  }
  if (kind === 'sparse') {
    const shape = await readSparseShape(file);
    const load = (signal?: AbortSignal): Promise<SparseMatrix> => readSparse(file, shape, signal);
    return matVariable(lazyWhole({ ...described, kind, dtype, shape, load }), {
      ...facts,
      className: 'sparse',
      dims: shape,
    });
  }
  return matVariable(isComplex ? complexArray(file) : realArray(file), {
    ...facts,
    className: classOf(dtype),
  });
}

interface RecordFile {
  readonly source: ByteRangeSource;
  readonly record: Matlab4Record;
  readonly byteOrder: ByteOrder;
}

function classOf(dtype: string): string {
  return { float64: 'double', float32: 'single' }[dtype] ?? dtype;
}

function realArray({ source, record, byteOrder }: RecordFile): LazyValue {
  const { name, dtype, rows, columns, dataStart, end } = record;
  return lazyArray({
    name,
    dtype,
    shape: [rows, columns],
    order: 'column-major',
    typeText: dtype,
    byteOrder,
    open: () => sliceSource(source, dataStart, end - dataStart),
  });
}

function complexArray(file: RecordFile): LazyValue {
  const { name, dtype: part, rows, columns } = file.record;
  const dtype = part === 'float32' ? 'complex64' : 'complex128';
  return lazyArray({
    name,
    dtype,
    shape: [rows, columns],
    order: 'column-major',
    typeText: part,
    byteOrder: hostByteOrder,
    open: async (signal) => {
      const parts = await readParts(file, signal);
      const data = makeElements(dtype, rows * columns) as Float64Array;
      for (let index = 0; index < rows * columns; index += 1) {
        data[2 * index] = Number(parts[index]);
        data[2 * index + 1] = Number(parts[rows * columns + index]);
      }
      return bytesSource(bytesOfElements(dtype, data, hostByteOrder));
    },
  });
}

async function readParts(
  { source, record, byteOrder }: RecordFile,
  signal?: AbortSignal,
): Promise<ElementData> {
  const { dataStart, end, dtype } = record;
  const bytes = await readExactly(source, { offset: dataStart, length: end - dataStart, signal });
  return elementsOfBytes(dtype, bytes, byteOrder);
}

async function readText(file: RecordFile, signal?: AbortSignal): Promise<TextArray> {
  const { rows, columns, dtype, dataStart } = file.record;
  if (rows * elementBytes(dtype, columns) === 0 && rows > 2 ** 20)
    throw matlabError(`${rows} empty texts are claimed`, dataStart);
  const codes = await readParts(file, signal);
  const data = Array.from({ length: rows }, (_, row) => {
    let text = '';
    for (let column = 0; column < columns; column += 1)
      text += String.fromCharCode(Number(codes[row + column * rows]) & 0xff);
    return text;
  });
  return { kind: 'text', shape: [rows], order: 'column-major', data };
}

/** The last of the stored elements states the dimensions instead of an element. */
async function readSparseShape({
  source,
  record,
  byteOrder,
}: RecordFile): Promise<readonly [number, number]> {
  const { rows: storedRows, columns: fields, dataStart, dtype, name } = record;
  const length = elementBytes(dtype, 1);
  const extents: number[] = [];
  for (const field of storedRows > 0 && (fields === 3 || fields === 4) ? [0, 1] : []) {
    const offset = dataStart + (storedRows * (field + 1) - 1) * length;
    const [extent] = elementsOfBytes(dtype, await readExactly(source, { offset, length }), byteOrder);
    if (isExtent(Number(extent))) extents.push(Number(extent));
  }
  const [rows, columns] = extents;
  if (rows === undefined || columns === undefined)
    throw matlabError(`sparse matrix ${name} states no dimensions`, dataStart);
  return [rows, columns];
}

function isExtent(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < 2 ** 31;
}

/** Each row of the matrix is a stored element: its row, its column, its value. */
async function readSparse(
  file: RecordFile,
  [rows, columns]: readonly [number, number],
  signal?: AbortSignal,
): Promise<SparseMatrix> {
  const { rows: storedRows, columns: fields, dataStart, name } = file.record;
  const numbers = await readParts(file, signal);
  const count = storedRows - 1;
  const at = (row: number, field: number): number => Number(numbers[row + field * storedRows]);
  if (columns > 2 ** 20 && columns > 16 * numbers.byteLength)
    throw matlabError(
      `sparse matrix ${name} claims ${columns} columns, more than its elements can fill`,
      dataStart,
    );
  const entries = Array.from({ length: count }, (_, index) => index).toSorted(
    (a, b) => at(a, 1) - at(b, 1) || at(a, 0) - at(b, 0),
  );
  const columnPointers = new Int32Array(columns + 1);
  const rowIndices = new Int32Array(count);
  const lanes = fields === 4 ? 2 : 1;
  const data = new Float64Array(count * lanes);
  for (const [place, entry] of entries.entries()) {
    const [row, column] = [at(entry, 0) - 1, at(entry, 1) - 1];
    if (!isExtent(row) || !isExtent(column) || row >= rows || column >= columns)
      throw matlabError(
        `sparse matrix ${name} has an element outside of its ${rows} × ${columns}`,
        dataStart,
      );
    rowIndices[place] = row;
    columnPointers[column + 1] = (columnPointers[column + 1] ?? 0) + 1;
    data[place * lanes] = at(entry, 2);
    if (lanes === 2) data[place * lanes + 1] = at(entry, 3);
  }
  for (let column = 0; column < columns; column += 1)
    columnPointers[column + 1] = (columnPointers[column + 1] ?? 0) + (columnPointers[column] ?? 0);
  const dtype = lanes === 2 ? 'complex128' : 'float64';
  return { kind: 'sparse', dtype, shape: [rows, columns], columnPointers, rowIndices, data };
}
