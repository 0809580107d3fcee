import { InvalidValueError } from '@holdfast/domain';
import {
  type ElementData,
  elementLayout,
  type ElementType,
  makeElements,
  swapBytes,
  swapUnit,
  whatIs,
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
  const { array, arrayName, lanes } = elementLayout(dtype);
  if (into instanceof array && into.length === count * lanes) return;
  throw new InvalidValueError({
    field: 'into',
    value: whatIs(into),
    reason: `must be a ${arrayName} of ${count * lanes} for ${count} elements of ${dtype}`,
  });
}
