import type { NumericSignal } from '../numeric-signal.ts';
import { gainOf } from '../spectra/gain-of.ts';
import { sumOf } from './sum-of.ts';

/** What a signal amounts to. All are NaN where it is empty or holds NaN; most are where it holds infinities. */
export interface SignalStatistics {
  readonly sampleCount: number;
  readonly mean: number;
  /** Of all samples, as numpy's `std` (divided by their number). */
  readonly standardDeviation: number;
  /** The root of the mean square. */
  readonly rms: number;
  readonly minimum: number;
  readonly maximum: number;
  /** The largest magnitude. */
  readonly peak: number;
  /** `peak / rms`; NaN for a signal of zeros. */
  readonly crestFactor: number;
  /** Pearson's: 3 for a normal distribution, as `scipy.stats.kurtosis(fisher=False)`; NaN for a constant. */
  readonly kurtosis: number;
}

/** Computes the statistics of a signal. */
export function signalStatistics(signal: NumericSignal): SignalStatistics {
  const sampleCount = signal.length;
  const mean = sumOf(signal) / sampleCount;
  const { minimum, maximum } = extremesOf(signal);
  const peak = Math.max(Math.abs(minimum), Math.abs(maximum));
  const gain = gainOf(signal);
  const { second, fourth } = centralMoments(signal, { mean, gain });
  const scaledMean = mean * gain;
  const rms = Math.sqrt(second + scaledMean * scaledMean) / gain;
  return {
    sampleCount,
    mean,
    standardDeviation: Math.sqrt(second) / gain,
    rms,
    minimum,
    maximum,
    peak,
    crestFactor: peak / rms,
    kurtosis: minimum === maximum ? Number.NaN : fourth / (second * second),
  };
}

function extremesOf(signal: NumericSignal): { readonly minimum: number; readonly maximum: number } {
  let [minimum, maximum] = signal.length === 0 ? [Number.NaN, Number.NaN] : [Infinity, -Infinity];
  for (let index = 0; index < signal.length; index++) {
    const sample = signal[index] as number;
    if (Number.isNaN(sample)) return { minimum: Number.NaN, maximum: Number.NaN };
    if (sample < minimum) minimum = sample;
    if (sample > maximum) maximum = sample;
  }
  return { minimum, maximum };
}

/** The means of the second and fourth powers of the distance from the mean, of samples that are multiplied by `gain`. */
function centralMoments(
  signal: NumericSignal,
  { mean, gain }: { readonly mean: number; readonly gain: number },
): { readonly second: number; readonly fourth: number } {
  let [second, fourth] = [0, 0];
  const blockLength = 1_024;
  for (let start = 0; start < signal.length; start += blockLength) {
    let [blockSecond, blockFourth] = [0, 0];
    const end = Math.min(start + blockLength, signal.length);
    for (let index = start; index < end; index++) {
      const distance = ((signal[index] as number) - mean) * gain;
      const square = distance * distance;
      blockSecond += square;
      blockFourth += square * square;
    }
    second += blockSecond;
    fourth += blockFourth;
  }
  return { second: second / signal.length, fourth: fourth / signal.length };
}
