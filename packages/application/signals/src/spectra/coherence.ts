import { InvalidValueError } from '@holdfast/domain';
import type { NumericSignal } from '../numeric-signal.ts';
import { gainOf } from './gain-of.ts';
import { type SegmentOptions, segmentsOf } from './segment-options.ts';
import { type SegmentPlace, densityScale, frequenciesOf, sumSpectra } from './segment-spectra.ts';

/** How alike two signals are, frequency by frequency. */
export interface Coherence {
  /** From 0 to half of the sampling rate, in its unit. */
  readonly frequencies: Float64Array;
  /** From 0, unrelated, to 1; NaN where one of the signals has no power. */
  readonly values: Float64Array;
  /** The power spectral densities of the two signals. */
  readonly densities: readonly [Float64Array, Float64Array];
  /** The share of the second signal's power at each frequency, from 0 to 1; NaN where it has none. */
  readonly shares: Float64Array;
  /** How many segments were averaged. With one, every value is 1, whatever the signals are. */
  readonly segmentCount: number;
}

/**
 * The magnitude-squared coherence of two signals of one length by Welch's method, as `scipy.signal.coherence` defines
 * it by default.
 *
 * @throws InvalidValueError when the lengths differ, or naming the option that is out of its range.
 */
export function coherence(
  left: NumericSignal,
  right: NumericSignal,
  options: SegmentOptions = {},
): Coherence {
  if (left.length !== right.length)
    throw new InvalidValueError({
      field: 'length',
      value: right.length,
      reason: `must be that of the other signal, ${left.length}`,
    });
  const segments = segmentsOf(left.length, options);
  const { length, count } = segments;
  if (count === 0) {
    const none = new Float64Array(0);
    return { frequencies: none, values: none, densities: [none, none], shares: none, segmentCount: 0 };
  }
  const sources = [left, right].map((signal) => ({ signal, gain: gainOf(signal) })) as [Source, Source];
  const sums = sumSpectra(pairsOf(sources, segments), length);
  const { first, second, crossReal, crossImaginary } = sums;
  const values = first.map((power, index) => {
    const [real, imaginary] = [crossReal[index] as number, crossImaginary[index] as number];
    return Math.min(1, (real * real + imaginary * imaginary) / power / (second[index] as number));
  });
  const scaleAt = densityScale(segments);
  const density =
    (gain: number) =>
    (sum: number, index: number): number =>
      (sum * scaleAt(index)) / gain / gain;
  const powers = second.map((sum, index) => sum * scaleAt(index));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return {
    frequencies: frequenciesOf(segments),
    values,
    densities: [first.map(density(sources[0].gain)), second.map(density(sources[1].gain))],
    shares: powers.map((power) => power / total),
    segmentCount: count,
  };
}

type Source = Omit<SegmentPlace, 'start'>;

function* pairsOf(
  [left, right]: readonly [Source, Source],
  { step, count }: { readonly step: number; readonly count: number },
): Iterable<readonly [SegmentPlace, SegmentPlace]> {
  for (let index = 0; index < count; index++) {
    const start = index * step;
    yield [
      { ...left, start },
      { ...right, start },
    ];
  }
}
