import { InvalidValueError } from '@holdfast/domain';
import type { NumericSignal } from '../numeric-signal.ts';
import { gainOf } from '../spectra/gain-of.ts';
import { isConstant } from './is-constant.ts';
import { sumOf } from './sum-of.ts';

const blockLength = 1_024;

/**
 * Pearson's correlation of two signals of one length, from -1 to 1; NaN where one of them is constant, empty or
 * holds NaN.
 *
 * @throws InvalidValueError when the lengths differ.
 */
export function correlation(left: NumericSignal, right: NumericSignal): number {
  const count = left.length;
  if (right.length !== count)
    throw new InvalidValueError({
      field: 'length',
      value: right.length,
      reason: `must be that of the other signal, ${count}`,
    });
  if (isConstant(left) || isConstant(right)) return Number.NaN;
  const plain = sumsOf(left, right, [1, 1]);
  const isRepresentable = plain.squares.every((sum) => sum > smallestSum && sum < Infinity);
  const { squares, products } = isRepresentable ? plain : sumsOf(left, right, [gainOf(left), gainOf(right)]);
  return Math.max(-1, Math.min(1, products / Math.sqrt(squares[0]) / Math.sqrt(squares[1])));
}

/** Sums of squares below this one may have lost digits to the smallest number that there is. */
const smallestSum = 1e-250;

interface CentralSums {
  readonly squares: readonly [number, number];
  readonly products: number;
}

function sumsOf(
  left: NumericSignal,
  right: NumericSignal,
  [leftGain, rightGain]: readonly [number, number],
): CentralSums {
  const count = left.length;
  const [leftMean, rightMean] = [sumOf(left) / count, sumOf(right) / count];
  let [leftSquares, rightSquares, products] = [0, 0, 0];
  for (let start = 0; start < count; start += blockLength) {
    let [blockLeft, blockRight, blockProducts] = [0, 0, 0];
    const end = Math.min(start + blockLength, count);
    for (let index = start; index < end; index++) {
      const x = ((left[index] as number) - leftMean) * leftGain;
      const y = ((right[index] as number) - rightMean) * rightGain;
      blockLeft += x * x;
      blockRight += y * y;
      blockProducts += x * y;
    }
    leftSquares += blockLeft;
    rightSquares += blockRight;
    products += blockProducts;
  }
  return { squares: [leftSquares, rightSquares], products };
}
