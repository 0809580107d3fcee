import type { NumericSignal } from '../numeric-signal.ts';

const blockLength = 1_024;

/**
 * The sum of `count` samples from `start` on: block by block in four sums of their own, so that rounding grows with
 * the length of a block and not with that of the signal.
 */
export function sumOf(signal: NumericSignal, start = 0, count: number = signal.length - start): number {
  let total = 0;
  for (let block = start; block < start + count; block += blockLength) {
    const end = Math.min(block + blockLength, start + count);
    let [first, second, third, fourth] = [0, 0, 0, 0];
    let index = block;
    for (; index + 3 < end; index += 4) {
      first += signal[index] as number;
      second += signal[index + 1] as number;
      third += signal[index + 2] as number;
      fourth += signal[index + 3] as number;
    }
    for (; index < end; index++) first += signal[index] as number;
    total += first + second + (third + fourth);
  }
  return total;
}
