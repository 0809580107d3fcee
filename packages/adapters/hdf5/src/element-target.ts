import { InvalidValueError } from '@holdfast/domain';
import {
  type ElementData,
  elementLayout,
  type ElementType,
  makeElements,
  swapBytes,
  swapUnit,
} from '@holdfast/formats';

/** Memory that elements are read into. */
export interface ElementTarget {
  readonly data: ElementData;
  readonly bytes: Uint8Array;
}

/**
 * The memory for a number of elements: the caller's, if it fits, or new.
 *
 * @throws InvalidValueError when the caller's is of another type or length.
 */
export function elementTarget(
  dtype: ElementType,
  count: number,
  into: ElementData | undefined,
): ElementTarget {
  const data = into ?? makeElements(dtype, count);
  if (into !== undefined) checkTarget(dtype, count, into);
  return { data, bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
}

/** Gives the elements of a target the byte order of this machine. */
export function fromByteOrder(dtype: ElementType, bytes: Uint8Array): void {
  if (swapUnit(dtype) > 1) swapBytes(bytes, swapUnit(dtype));
}

function checkTarget(dtype: ElementType, count: number, into: ElementData): void {
  const { array, lanes } = elementLayout(dtype);
  if (into instanceof array && into.length === count * lanes) return;
  const name = (array as unknown as { readonly name: string }).name;
  throw new InvalidValueError({
    field: 'into',
    value: `${into.constructor.name} of ${into.length}`,
    reason: `must be a ${name} of ${count * lanes} for ${count} elements of ${dtype}`,
  });
}
