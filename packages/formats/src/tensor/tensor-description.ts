/** A half-open range of bytes of the file: `start` is in it, `end` is not. */
export interface ByteExtent {
  readonly start: number;
  readonly end: number;
}

/** Data of a tensor that lies in another file. */
export interface ExternalData {
  /** The path as the file states it, relative to the file's folder. Never open it when `escapes`. */
  readonly location: string;
  /** Whether the path leads, or could lead, out of the folder. */
  readonly escapes: boolean;
  readonly offset?: number;
  readonly lengthBytes?: number;
}

/** One array of a model or array file. */
export interface TensorDescription {
  /** Unique in the file; empty for a single unnamed array. */
  readonly name: string;
  /** The element type in the format's own words, such as `F32`, `FLOAT` or `<f4`. */
  readonly dtype: string;
  /** The element type in common words, such as `float32`; absent where there is none. */
  readonly elementType?: string;
  /** Extent of each dimension, slowest first; empty for a scalar. */
  readonly shape: readonly number[];
  /** Distance of neighbours in each dimension, in elements, where the format states it. */
  readonly strides?: readonly number[];
  /** What its data takes, in bytes, where no range is given. */
  readonly sizeBytes?: number;
  /** The storage that it is a view of, where tensors can share one. */
  readonly storage?: string;
  /** Where its data lies in the file, where that is known. */
  readonly byteRange?: ByteExtent;
  /** Set when the data lies in another file. */
  readonly externalData?: ExternalData;
  /** Set when only the values that are not zero are stored. */
  readonly sparse?: true;
}
