import type { LazyArray } from '../value/lazy-value.ts';
import type { BytesArray, NumericArray, TextArray } from '../value/value.ts';

/** A tensor of a file of torch: described, and read when it is asked for. */
export interface TorchTensor extends LazyArray {
  /** Distance of neighbours in each dimension, in elements of the storage. */
  readonly strides: readonly number[];
  /** The storage that it is a view of; tensors with the same one share their memory. */
  readonly storage: TorchStorage;
  /** Where it begins in its storage, in elements. */
  readonly storageOffset: number;
  readonly requiresGrad: boolean;
}

/** Memory that tensors are views of. */
export interface TorchStorage {
  readonly key: string;
  /** Where the tensor was when it was saved, such as `cpu` or `cuda:0`. */
  readonly device: string;
  readonly sizeBytes: number;
}

/**
 * Something that only Python understands: a class, or an object of one. It is named and kept with what it was made of, and
 * nothing of it is run.
 */
export interface TorchObject {
  readonly kind: 'opaque';
  /** Dotted, such as `argparse.Namespace`. */
  readonly className: string;
  readonly type: 'global' | 'object' | 'storage';
  /** What it would be called with. */
  readonly given: readonly TorchValue[];
  /** What its state would be set to. */
  readonly state?: TorchValue | undefined;
}

/**
 * What a file of torch holds. Lists and tuples are arrays, dictionaries are maps, arrays of NumPy are numeric arrays. A value
 * may hold itself.
 */
export type TorchValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | TorchTensor
  | NumpyValue
  | TorchObject
  | readonly TorchValue[]
  | ReadonlyMap<TorchValue, TorchValue>
  | ReadonlySet<TorchValue>;

/** An array of NumPy. */
export type NumpyValue = NumericArray | TextArray | BytesArray;

/** The text of a plain value; `?` for any other. */
export function plainTextOf(value: TorchValue | undefined): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const isScalar = 'kind' in value && value.kind === 'numeric' && 'data' in value && value.shape.length === 0;
  return isScalar ? String(value.data[0]) : '?';
}

/** Whether a value is a tensor. */
export function isTorchTensor(value: TorchValue): value is TorchTensor {
  return typeof value === 'object' && value !== null && 'storageOffset' in value;
}
