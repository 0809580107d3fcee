import type { ElementData, ElementType } from './element-type.ts';

/**
 * Which dimension of an array varies fastest: the last one in `row-major` (C), the first one in `column-major`
 * (Fortran, MATLAB).
 */
export type ElementOrder = 'row-major' | 'column-major';

/** What every array has. */
interface Shaped {
  /** Extent of each dimension; empty for a scalar. */
  readonly shape: readonly number[];
  /** The order of `data`. */
  readonly order: ElementOrder;
}

/** Numbers, booleans or times of one type. `{ data, shape }` is what ONNX Runtime, Arrow and TensorFlow.js take. */
export interface NumericArray extends Shaped {
  readonly kind: 'numeric';
  readonly dtype: ElementType;
  /** The typed array that {@link ElementLayout} names for the type, in the byte order of this machine. */
  readonly data: ElementData;
  /** What `datetime64` and `timedelta64` count, as NumPy writes it: `us`, `D`, `25s`; absent where it is generic. */
  readonly unit?: string | undefined;
}

/** Texts. */
export interface TextArray extends Shaped {
  readonly kind: 'text';
  readonly data: readonly string[];
}

/** Pieces of bytes, each of the same length. */
export interface BytesArray extends Shaped {
  readonly kind: 'bytes';
  readonly itemBytes: number;
  /** All pieces, one after the other. */
  readonly data: Uint8Array;
  /** Whether the pieces are texts of one byte a character, padded with zeros, rather than arbitrary bytes. */
  readonly isText: boolean;
}

/** Rows of named columns: a structured array of NumPy, a compound dataset of HDF5. */
export interface TableValue extends Shaped {
  readonly kind: 'table';
  /** The value of a column has the shape of the table, followed by that of the column's own elements. */
  readonly columns: readonly { readonly name: string; readonly value: Value }[];
}

/** Values of any kind side by side: a cell array of MATLAB. */
export interface CellArray extends Shaped {
  readonly kind: 'cell';
  readonly data: readonly Value[];
}

/** Records with the same named fields: a struct array of MATLAB. */
export interface StructArray extends Shaped {
  readonly kind: 'struct';
  /** Every field with its values, one for each element of the array. */
  readonly fields: readonly { readonly name: string; readonly values: readonly Value[] }[];
}

/** A matrix of which only some elements are stored, column by column. */
export interface SparseMatrix {
  readonly kind: 'sparse';
  readonly dtype: ElementType;
  readonly shape: readonly [number, number];
  /** For each column the index of its first stored element, and at the end the number of them all. */
  readonly columnPointers: Int32Array;
  /** The row of each stored element. */
  readonly rowIndices: Int32Array;
  /** The stored elements, as in a {@link NumericArray}. */
  readonly data: ElementData;
}

/** Something that only the program that wrote it understands: it is named, kept as far as it can be read, and never run. */
export interface OpaqueValue {
  readonly kind: 'opaque';
  /** The name of its class, as the file states it. */
  readonly className: string;
  /** What sort of thing it is, such as `object`, `function` or `MCOS`. */
  readonly type: string;
  /** What the file holds of it. */
  readonly content?: Value | undefined;
}

/** Any value that a format holds. */
export type Value =
  | NumericArray
  | TextArray
  | BytesArray
  | TableValue
  | CellArray
  | StructArray
  | SparseMatrix
  | OpaqueValue;
