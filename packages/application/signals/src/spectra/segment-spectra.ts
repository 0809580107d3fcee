import type { NumericSignal } from '../numeric-signal.ts';
import { sumOf } from '../statistics/sum-of.ts';
import { fourierTransform } from './fourier-transform.ts';
import type { Segments } from './segment-options.ts';

/** A segment of a signal: which, from which sample on, and what its samples are multiplied by. */
export interface SegmentPlace {
  readonly signal: NumericSignal;
  readonly start: number;
  readonly gain: number;
}

/** Sums over pairs of segments, for the frequencies from 0 to half of the sampling rate. */
export interface SpectrumSums {
  readonly first: Float64Array;
  readonly second: Float64Array;
  /** Of the conjugated first times the second. */
  readonly crossReal: Float64Array;
  readonly crossImaginary: Float64Array;
}

/**
 * Sums up the spectra of pairs of segments. The segments of a pair are the real and the imaginary part of one
 * transform, which gives both for the price of one. Each is freed of its mean and weighted by a periodic Hann window.
 */
export function sumSpectra(
  pairs: Iterable<readonly [SegmentPlace, SegmentPlace | undefined]>,
  length: number,
): SpectrumSums {
  const transform = fourierTransform(length);
  const window = hannWindow(length);
  const [real, imaginary] = [new Float64Array(length), new Float64Array(length)];
  const sums = emptySums(Math.floor(length / 2) + 1);
  for (const [first, second] of pairs) {
    load(real, first, window);
    if (second === undefined) imaginary.fill(0);
    else load(imaginary, second, window);
    transform.transform(real, imaginary);
    addPair(sums, real, imaginary);
  }
  return sums;
}

/** The periodic Hann window: that of `size + 1` values, without its last. */
function hannWindow(size: number): Float64Array {
  if (size === 1) return Float64Array.of(1);
  return Float64Array.from(
    { length: size },
    (_, index) => 0.5 - 0.5 * Math.cos((2 * Math.PI * index) / size),
  );
}

/** What turns a sum of squared magnitudes into a density, one-sided: by its number, for `count` segments. */
export function densityScale({ samplingRateHz, length, count }: Segments): (frequency: number) => number {
  const energy = hannWindow(length).reduce((sum, weight) => sum + weight * weight, 0);
  const scale = 1 / (samplingRateHz * energy * count);
  return (index) => (index === 0 || 2 * index === length ? scale : 2 * scale);
}

/** The frequencies of the sums, in the unit of the sampling rate. */
export function frequenciesOf({ samplingRateHz, length }: Segments): Float64Array {
  return Float64Array.from(
    { length: Math.floor(length / 2) + 1 },
    (_, index) => (index * samplingRateHz) / length,
  );
}

function emptySums(size: number): SpectrumSums {
  const [first, second] = [new Float64Array(size), new Float64Array(size)];
  return { first, second, crossReal: new Float64Array(size), crossImaginary: new Float64Array(size) };
}

function load(target: Float64Array, { signal, start, gain }: SegmentPlace, window: Float64Array): void {
  const mean = sumOf(signal, start, target.length) / target.length;
  for (let index = 0; index < target.length; index++)
    target[index] = ((signal[start + index] as number) - mean) * gain * (window[index] as number);
}

/** Takes the two spectra apart by their symmetry: that of a real signal is its own conjugate, mirrored. */
function addPair(sums: SpectrumSums, real: Float64Array, imaginary: Float64Array): void {
  const { first, second, crossReal, crossImaginary } = sums;
  for (let index = 0; index < first.length; index++) {
    const mirrored = index === 0 ? 0 : real.length - index;
    const [zr, zi] = [real[index] as number, imaginary[index] as number];
    const [mr, mi] = [real[mirrored] as number, imaginary[mirrored] as number];
    const [xr, xi] = [(zr + mr) / 2, (zi - mi) / 2];
    const [yr, yi] = [(zi + mi) / 2, (mr - zr) / 2];
    first[index] = (first[index] as number) + xr * xr + xi * xi;
    second[index] = (second[index] as number) + yr * yr + yi * yi;
    crossReal[index] = (crossReal[index] as number) + xr * yr + xi * yi;
    crossImaginary[index] = (crossImaginary[index] as number) + xr * yi - xi * yr;
  }
}
