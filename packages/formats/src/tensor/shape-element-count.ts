/**
 * The number of elements of a shape, 1 for a scalar; `undefined` where a product on the way, or an
 * extent, is no whole number from 0 up that a double holds exactly.
 */
export function shapeElementCount(shape: readonly number[]): number | undefined {
  let count = 1;
  for (const extent of shape) {
    count *= extent;
    if (!Number.isSafeInteger(extent) || extent < 0 || !Number.isSafeInteger(count)) return undefined;
  }
  return count;
}
