/**
 * The type of one element of a numeric array, in common words.
 *
 * Types that JavaScript has no array for are held as their bits: `float16`, `bfloat16` and the parts of `complex32` in a
 * `Uint16Array`, the float8 types in a `Uint8Array`, `float128` and its kin as their bytes, and types of fewer than 8
 * bits packed as the file packs them. `bool` is one byte of 0 or 1. `datetime64` and `timedelta64` count the `unit` of
 * their array.
 */
export type ElementType =
  | 'bool'
  | 'int8'
  | 'uint8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'uint64'
  | 'float16'
  | 'bfloat16'
  | 'float32'
  | 'float64'
  | 'float96'
  | 'float128'
  | 'complex32'
  | 'complex64'
  | 'complex128'
  | 'complex192'
  | 'complex256'
  | 'float8_e4m3fn'
  | 'float8_e4m3fnuz'
  | 'float8_e5m2'
  | 'float8_e5m2fnuz'
  | 'float8_e8m0'
  | 'float4_e2m1'
  | 'float6_e2m3'
  | 'float6_e3m2'
  | 'datetime64'
  | 'timedelta64';

/** The typed array that holds elements of one type. */
export type ElementData =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | BigUint64Array
  | BigInt64Array
  | Float32Array
  | Float64Array;

/** Makes one of the typed arrays that elements are held in. */
export interface ElementDataConstructor {
  readonly BYTES_PER_ELEMENT: number;
  new (length: number): ElementData;
  new (buffer: ArrayBufferLike, byteOffset?: number, length?: number): ElementData;
}

/** How elements of one type are stored. */
export interface ElementLayout {
  /** Bits of one element; less than 8 for types that are packed. */
  readonly bits: number;
  /** The typed array of {@link NumericArray.data}. */
  readonly array: ElementDataConstructor;
  /** The name of that typed array. */
  readonly arrayName: string;
  /** Entries of the typed array for one element: 2 for complex numbers, real part first; 0 where elements are packed. */
  readonly lanes: number;
}

const layout = (bits: number, array: { readonly name: string }, lanes = 1): ElementLayout => ({
  bits,
  array: array as unknown as ElementDataConstructor,
  arrayName: array.name,
  lanes,
});

const layouts: Readonly<Record<ElementType, ElementLayout>> = {
  bool: layout(8, Uint8Array),
  int8: layout(8, Int8Array),
  uint8: layout(8, Uint8Array),
  int16: layout(16, Int16Array),
  uint16: layout(16, Uint16Array),
  int32: layout(32, Int32Array),
  uint32: layout(32, Uint32Array),
  int64: layout(64, BigInt64Array),
  uint64: layout(64, BigUint64Array),
  float16: layout(16, Uint16Array),
  bfloat16: layout(16, Uint16Array),
  float32: layout(32, Float32Array),
  float64: layout(64, Float64Array),
  float96: layout(96, Uint8Array, 12),
  float128: layout(128, Uint8Array, 16),
  complex32: layout(32, Uint16Array, 2),
  complex64: layout(64, Float32Array, 2),
  complex128: layout(128, Float64Array, 2),
  complex192: layout(192, Uint8Array, 24),
  complex256: layout(256, Uint8Array, 32),
  float8_e4m3fn: layout(8, Uint8Array),
  float8_e4m3fnuz: layout(8, Uint8Array),
  float8_e5m2: layout(8, Uint8Array),
  float8_e5m2fnuz: layout(8, Uint8Array),
  float8_e8m0: layout(8, Uint8Array),
  float4_e2m1: layout(4, Uint8Array, 0),
  float6_e2m3: layout(6, Uint8Array, 0),
  float6_e3m2: layout(6, Uint8Array, 0),
  datetime64: layout(64, BigInt64Array),
  timedelta64: layout(64, BigInt64Array),
};

/** Every element type. */
export const elementTypes: readonly ElementType[] = Object.keys(layouts) as ElementType[];

/** How elements of a type are stored. */
export function elementLayout(type: ElementType): ElementLayout {
  return layouts[type];
}

/** Whether a text names an element type. */
export function isElementType(text: string): text is ElementType {
  return Object.hasOwn(layouts, text);
}
