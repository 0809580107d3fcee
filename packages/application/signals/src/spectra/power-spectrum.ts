import type { NumericSignal } from '../numeric-signal.ts';
import { gainOf } from './gain-of.ts';
import { type SegmentOptions, segmentsOf } from './segment-options.ts';
import { type SegmentPlace, densityScale, frequenciesOf, sumSpectra } from './segment-spectra.ts';

/** How the power of a signal is spread over frequencies. */
export interface PowerSpectrum {
  /** From 0 to half of the sampling rate, in its unit. */
  readonly frequencies: Float64Array;
  /** The square of the signal's unit, per unit of frequency; one-sided. */
  readonly densities: Float64Array;
  /** How many segments were averaged. */
  readonly segmentCount: number;
}

/**
 * The power spectral density of a signal by Welch's method (1967), as `scipy.signal.welch` defines it by default:
 * segments that overlap by half, freed of their mean, weighted by a periodic Hann window, averaged. An empty signal
 * has no frequencies.
 *
 * @throws InvalidValueError naming the option that is out of its range.
 */
export function powerSpectrum(signal: NumericSignal, options: SegmentOptions = {}): PowerSpectrum {
  const segments = segmentsOf(signal.length, options);
  const { length, count } = segments;
  if (count === 0)
    return { frequencies: new Float64Array(0), densities: new Float64Array(0), segmentCount: 0 };
  const gain = gainOf(signal);
  const { first, second } = sumSpectra(neighbours({ signal, gain }, segments), length);
  const scaleAt = densityScale(segments);
  const densities = first.map(
    (sum, index) => ((sum + (second[index] as number)) * scaleAt(index)) / gain / gain,
  );
  return { frequencies: frequenciesOf(segments), densities, segmentCount: count };
}

function* neighbours(
  source: Omit<SegmentPlace, 'start'>,
  { step, count }: { readonly step: number; readonly count: number },
): Iterable<readonly [SegmentPlace, SegmentPlace | undefined]> {
  for (let index = 0; index < count; index += 2) {
    const first = { ...source, start: index * step };
    yield [first, index + 1 < count ? { ...source, start: (index + 1) * step } : undefined];
  }
}
