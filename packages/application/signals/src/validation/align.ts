import type { NumericSignal } from '../numeric-signal.ts';
import { fourierTransform } from '../spectra/fourier-transform.ts';
import { sumOf } from '../statistics/sum-of.ts';

/**
 * How signals are brought to one length: `start` and `end` compare as many samples as the shorter one has, from there
 * on; `lag` first moves the candidate to where it is most like the reference, and compares what overlaps.
 */
export type Alignment = 'start' | 'end' | 'lag';

/** Two signals of one length. */
export interface AlignedSignals {
  readonly candidate: NumericSignal;
  readonly reference: NumericSignal;
  /** How many samples of the candidate precede the reference's first; negative where the reference begins earlier. */
  readonly lag?: number;
}

/** Brings two signals to one length. */
export function align(
  candidate: NumericSignal,
  reference: NumericSignal,
  alignment: Alignment,
): AlignedSignals {
  const length = Math.min(candidate.length, reference.length);
  if (alignment === 'start')
    return { candidate: candidate.slice(0, length), reference: reference.slice(0, length) };
  if (alignment === 'end')
    return {
      candidate: candidate.slice(candidate.length - length),
      reference: reference.slice(reference.length - length),
    };
  const lag = bestLag(candidate, reference);
  const [skipped, absent] = [Math.max(0, lag), Math.max(0, -lag)];
  const overlap = Math.min(candidate.length - skipped, reference.length - absent);
  return {
    candidate: candidate.slice(skipped, skipped + overlap),
    reference: reference.slice(absent, absent + overlap),
    lag,
  };
}

/** Where the cross-correlation of the two, freed of their means, is largest; the smallest such lag. */
function bestLag(candidate: NumericSignal, reference: NumericSignal): number {
  const size = 2 ** Math.ceil(Math.log2(Math.max(2, candidate.length + reference.length)));
  const transform = fourierTransform(size);
  const [real, imaginary] = [withoutMean(candidate, size), withoutMean(reference, size)];
  transform.transform(real, imaginary);
  const product = correlationSpectrum(real, imaginary);
  transform.transform(product.real, product.imaginary);
  const correlations = product.real;
  let best = 0;
  for (let lag = 1 - reference.length; lag < candidate.length; lag++) {
    const [found, known] = [correlations[(lag + size) % size], correlations[(best + size) % size]];
    const isBetter = (found as number) > (known as number);
    if (isBetter || (found === known && Math.abs(lag) < Math.abs(best))) best = lag;
  }
  return best;
}

function withoutMean(signal: NumericSignal, size: number): Float64Array {
  const mean = signal.length === 0 ? 0 : sumOf(signal) / signal.length;
  const samples = new Float64Array(size);
  for (let index = 0; index < signal.length; index++) samples[index] = (signal[index] as number) - mean;
  return samples;
}

/** The conjugate of X times the conjugate of Y, of two signals in one transform: a forward transform of it correlates. */
function correlationSpectrum(
  real: Float64Array,
  imaginary: Float64Array,
): { readonly real: Float64Array; readonly imaginary: Float64Array } {
  const size = real.length;
  const product = { real: new Float64Array(size), imaginary: new Float64Array(size) };
  for (let index = 0; index < size; index++) {
    const mirrored = (size - index) % size;
    const [zr, zi] = [real[index] as number, imaginary[index] as number];
    const [mr, mi] = [real[mirrored] as number, imaginary[mirrored] as number];
    const [xr, xi] = [(zr + mr) / 2, (zi - mi) / 2];
    const [yr, yi] = [(zi + mi) / 2, (mr - zr) / 2];
    product.real[index] = xr * yr + xi * yi;
    product.imaginary[index] = xr * yi - xi * yr;
  }
  return product;
}
