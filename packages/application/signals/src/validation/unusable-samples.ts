import type { NumericSignal } from '../numeric-signal.ts';

/** A sample that is no finite number. */
export interface UnusableSample {
  readonly position: number;
  readonly value: number;
}

const mostListed = 5;

/** How many samples are NaN or infinite, and the first of them. */
export function unusableSamples(signal: NumericSignal): {
  readonly count: number;
  readonly first: readonly UnusableSample[];
} {
  const first: UnusableSample[] = [];
  let count = 0;
  for (let position = 0; position < signal.length; position++) {
    const value = signal[position] as number;
    if (Number.isFinite(value)) continue;
    count++;
    if (first.length < mostListed) first.push({ position, value });
  }
  return { count, first };
}
