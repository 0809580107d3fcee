import type { NumericSignal } from '../numeric-signal.ts';

const largestExponent = 1_000;

/**
 * The power of two that brings the largest sample of a signal to about 1: an exact factor, which keeps squares from
 * overflowing and vanishing, and two signals in one transform from drowning each other. 1 for zeros and infinities.
 */
export function gainOf(signal: NumericSignal): number {
  let peak = 0;
  for (let index = 0; index < signal.length; index++) {
    const size = Math.abs(signal[index] as number);
    if (size > peak) peak = size;
  }
  if (peak === 0 || peak === Number.POSITIVE_INFINITY) return 1;
  return 2 ** -Math.max(-largestExponent, Math.min(largestExponent, Math.floor(Math.log2(peak))));
}
