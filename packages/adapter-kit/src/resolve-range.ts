import { type ByteRange, type OperationContext, StorageError } from '@holdfast/ports';

/** A range in numbers. */
export interface ResolvedRange {
  readonly offset: number;
  readonly length: number;
}

/**
 * Resolves a range against an object's size: cut at the end, a suffix longer than the object is the object.
 *
 * @throws StorageError `range-not-satisfiable` when it begins at or past the end of an object that is not empty,
 *   or past the end of an empty one.
 */
export function resolveRange(
  range: ByteRange | undefined,
  sizeBytes: number,
  context: OperationContext,
): ResolvedRange {
  if (range === undefined) return { offset: 0, length: sizeBytes };
  if ('suffix' in range) {
    const length = Math.min(range.suffix, sizeBytes);
    return { offset: sizeBytes - length, length };
  }
  const { offset, length = sizeBytes } = range;
  if (offset > 0 && offset >= sizeBytes) {
    throw new StorageError({
      ...context,
      code: 'range-not-satisfiable',
      message: `The range begins at byte ${offset} of an object of ${sizeBytes} bytes.`,
    });
  }
  return { offset, length: Math.min(length, sizeBytes - offset) };
}

/** @throws StorageError `invalid-argument` when a number of the range is negative, broken or unsafe. */
export function checkRange(range: ByteRange | undefined, context: OperationContext): void {
  if (range === undefined) return;
  const numbers = 'suffix' in range ? [range.suffix] : [range.offset, range.length ?? 0];
  if (numbers.every((number) => Number.isSafeInteger(number) && number >= 0)) return;
  throw new StorageError({
    ...context,
    code: 'invalid-argument',
    message: `The range ${JSON.stringify(range)} is not made of whole numbers from 0 up.`,
  });
}
