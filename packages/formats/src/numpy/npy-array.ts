/** An array to write as `.npy`, as its bytes. */
export interface NpyArray {
  /** An element type such as `<f4`, `<i8`, `|b1` or `<U8`, or a list of fields. Python objects are not written. */
  readonly dtype: string;
  /** Extent of each dimension; empty for a scalar. */
  readonly shape: readonly number[];
  /** The elements, exactly as long as the shape needs. */
  readonly data: Uint8Array;
  /** Whether the first dimension varies fastest. @default false */
  readonly isFortranOrder?: boolean;
}
