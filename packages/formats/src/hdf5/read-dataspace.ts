import { shapeElementCount } from '../tensor/shape-element-count.ts';
import type { Hdf5Bytes } from './hdf5-bytes.ts';

/** The extents of a dataset or an attribute. */
export interface Hdf5Space {
  readonly shape: readonly number[];
  /** The extents that it may grow to; `Infinity` where nothing limits it. */
  readonly maxShape: readonly number[];
  /** Set where it holds no element and has no dimensions: h5py's `Empty`. */
  readonly isNull: boolean;
}

/** Reads a dataspace message. */
export function readDataspace(bytes: Hdf5Bytes): Hdf5Space {
  const version = bytes.uint(1);
  const rank = bytes.uint(1);
  const flags = bytes.uint(1);
  if (version !== 1 && version !== 2) throw bytes.error(`version ${version} of a dataspace is unknown`, 0);
  if (rank > 32) throw bytes.error(`${rank} dimensions are more than the 32 of the format`, 1);
  const isNull = version === 2 && bytes.uint(1) === 2;
  if (version === 1) bytes.skip(5);
  if (isNull) return { shape: [0], maxShape: [0], isNull };
  const shape = Array.from({ length: rank }, () => bytes.length());
  if (shapeElementCount(shape) === undefined) throw bytes.error('the extents are impossible');
  const maxShape = flags & 1 ? shape.map(() => extentOrUnlimited(bytes)) : shape;
  if (maxShape.some((most, dimension) => most < (shape[dimension] ?? 0)))
    throw bytes.error('an extent is larger than the largest that is allowed');
  return { shape, maxShape, isNull };
}

function extentOrUnlimited(bytes: Hdf5Bytes): number {
  const { lengthBytes } = bytes.widths;
  const raw = bytes.take(lengthBytes);
  if (raw.every((byte) => byte === 0xff)) return Number.POSITIVE_INFINITY;
  return raw.reduceRight((total, byte) => total * 256 + byte, 0);
}
