import { InvalidValueError } from '@holdfast/domain';

const mostDimensions = 32;

/** @throws InvalidValueError for a shape of more dimensions than HDF5 has. */
export function checkRank(shape: readonly number[], field: string): void {
  if (shape.length <= mostDimensions) return;
  const reason = `must have at most ${mostDimensions} dimensions, which is the limit of HDF5`;
  throw new InvalidValueError({ field, value: `${shape.length} dimensions`, reason });
}
