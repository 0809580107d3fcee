import { coherence, correlation, percentiles, powerSpectrum, signalStatistics } from '@holdfast/signals';
import { pythonOracle } from '@holdfast/tooling-services';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type SpectrumAnswer, type SpectrumQuestion, askScipy } from './scipy-oracle.ts';

const python = pythonOracle();
const shares = [0, 0.1, 5, 25, 50, 75, 95, 99.9, 100];
const sampleCount = process.env['HOLDFAST_TEST_LONG'] === 'true' ? 2_000 : 150;

const kinds: Readonly<Record<string, (index: number, random: () => number) => number>> = {
  noise: (_index, random) => random() - 0.5,
  sine: (index) => Math.sin(index / 7),
  'a sine far from zero': (index) => 1_000 + Math.sin(index / 7),
  zeros: () => 0,
  constant: () => 0.1,
  impulses: (index) => (index % 97 === 0 ? 1 : 0),
  'both signs of zero': (index) => (index % 2 === 0 ? 0 : -0),
  huge: (_index, random) => (random() - 0.5) * 1e140,
  tiny: (_index, random) => (random() - 0.5) * 1e-140,
  denormal: (_index, random) => (random() - 0.5) * 1e-310,
  integers: (_index, random) => Math.floor(random() * 5),
};

const questions: fc.Arbitrary<SpectrumQuestion> = fc
  .record({
    kind: fc.tuple(fc.constantFrom(...Object.keys(kinds)), fc.constantFrom(...Object.keys(kinds))),
    count: fc.oneof(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 41, max: 3_000 }),
      fc.integer({ min: 3_001, max: 30_000 }),
    ),
    length: fc.oneof(fc.constantFrom(256, 128, 1_024, 100, 97, 255), fc.integer({ min: 1, max: 600 })),
    overlap: fc.constantFrom(0.5, 0, 0.75),
    rate: fc.constantFrom(1, 12_000, 97_656.25),
    seed: fc.integer({ min: 1, max: 2 ** 31 - 2 }),
    isSingle: fc.boolean(),
  })
  .map(({ kind: [left, right], count, length, overlap, rate, seed, isSingle }) => {
    const random = lehmer(seed);
    const make = (kind: string): Float64Array => {
      const sampleAt = kinds[kind] as (index: number, random: () => number) => number;
      const samples = Float64Array.from({ length: count }, (_, index) => sampleAt(index, random));
      const single = Float64Array.from(Float32Array.from(samples));
      return isSingle && single.every(Number.isFinite) ? single : samples;
    };
    const used = Math.min(length, count);
    return {
      left: make(left),
      right: make(right),
      rate,
      length: used,
      overlap: Math.floor(used * overlap),
      shares,
    };
  });

/** The generator of Lehmer, as Park and Miller chose its constants. */
function lehmer(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

test.skipIf(python === undefined)(
  'spectra, statistics and correlations are those of scipy and numpy',
  () => {
    const asked = fc.sample(questions, { seed: 20_261_201, numRuns: sampleCount });
    const answers = askScipy(python ?? '', asked);
    for (const [index, question] of asked.entries()) {
      const answer = answers[index] as SpectrumAnswer;
      const { left, right, length, overlap } = question;
      const options = { samplingRateHz: question.rate, segmentLength: length, overlap: overlap / length };
      const found = powerSpectrum(left, options);
      const where = `question ${index}: ${left.length} samples, segments of ${length}`;
      expectClose(found.frequencies, answer.frequencies, { what: `frequencies of ${where}` });
      expectCoherent(question, answer, where);
      const { mean, standardDeviation, rms, minimum, maximum, kurtosis } = signalStatistics(left);
      const largest = Math.max(Math.abs(minimum), Math.abs(maximum));
      const rounding = (1e-15 * largest ** 2) / question.rate;
      expectClose(found.densities, answer.density, { what: `densities of ${where}`, floor: rounding });
      const [theirMean, theirDeviation, theirRms, theirMinimum, theirMaximum, theirKurtosis] =
        answer.statistics as unknown as readonly [number, number, number, number, number, number];
      expectNear(mean, theirMean, { size: largest, what: `mean of ${where}` });
      expectNear(standardDeviation, theirDeviation, {
        size: largest,
        what: `standard deviation of ${where}`,
      });
      expectNear(rms, theirRms, { size: largest, what: `rms of ${where}` });
      expect([minimum === theirMinimum, maximum === theirMaximum], where).toEqual([true, true]);
      if (isOrdinary(theirDeviation, largest))
        expectNear(kurtosis, theirKurtosis, { size: kurtosis, what: `kurtosis of ${where}` });
      expectClose(Float64Array.from(percentiles(left, shares)), answer.percentiles, {
        what: `percentiles of ${where}`,
      });
      const theirs = answer.correlation[0] as number;
      if (!Number.isNaN(theirs))
        expectNear(correlation(left, right), theirs, { size: 1, what: `correlation of ${where}` });
    }
  },
  300_000,
);

/**
 * Where one of the signals has little power but that of rounding, neither side's coherence means anything: ten digits
 * need a millionth of the largest sample.
 */
function expectCoherent(question: SpectrumQuestion, answer: SpectrumAnswer, where: string): void {
  const { left, right, length, overlap, rate } = question;
  const options = { samplingRateHz: rate, segmentLength: length, overlap: overlap / length };
  const { values, densities } = coherence(left, right, options);
  const floors = densities.map((density, side) => {
    const { peak, standardDeviation } = signalStatistics(side === 0 ? left : right);
    return 1e-10 * Math.max(...density) * Math.max(1, (peak / standardDeviation) ** 2);
  });
  const isMeant = (index: number): boolean =>
    densities.every((density, side) => {
      const power = density[index] as number;
      return power > (floors[side] as number) && power > 1e-200;
    });
  for (const [index, value] of values.entries()) {
    const theirs = answer.coherence[index] as number;
    if (isMeant(index) && Number.isFinite(theirs))
      expectNear(value, theirs, { size: 1, what: `coherence of ${where}` });
  }
}

/** Below this one squares vanish in scipy, and here they do not. */
const smallestSquareRoot = 1e-150;

/** Neither next to constant nor of squares that double precision cannot hold. */
function isOrdinary(deviation: number, largest: number): boolean {
  return deviation > 1e-6 * largest && deviation > 1e-70 && deviation < 1e70;
}

/** What is compared, and the least size that its largest value counts as, where all of it is rounding. */
interface Closeness {
  readonly what: string;
  readonly floor?: number;
}

function expectClose(found: Float64Array, wanted: Float64Array, { what, floor = 0 }: Closeness): void {
  expect(found.length, what).toBe(wanted.length);
  const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), floor);
  for (const [index, value] of wanted.entries())
    expectNear(found[index] as number, value, { size: largest, what: `${what}, at ${index}` });
}

function expectNear(
  found: number,
  wanted: number,
  { size, what }: { readonly size: number; readonly what: string },
): void {
  if (Number.isNaN(wanted) && Number.isNaN(found)) return;
  const limit = 1e-10 * Math.abs(size) + smallestSquareRoot;
  if (!(Math.abs(found - wanted) <= limit)) expect.fail(`${what}: ${found} and not ${wanted}`);
}
