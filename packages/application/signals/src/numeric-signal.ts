/** The samples of one channel. Computed with in double precision, whatever they are stored as. */
export type NumericSignal =
  | Float64Array
  | Float32Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | readonly number[];
