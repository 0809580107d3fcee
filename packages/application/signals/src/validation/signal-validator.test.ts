import { InvalidValueError } from '@holdfast/domain';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SignalValidator } from './signal-validator.ts';
import type { MetricName, ValidationResult } from './validation-result.ts';

const sine = Float64Array.from({ length: 10_000 }, (_, index) => Math.sin(index / 7));
const noise = (seed: number, count = 10_000): Float64Array => {
  let state = seed;
  return Float64Array.from({ length: count }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647 - 0.5;
  });
};
const plus = (left: Float64Array, right: Float64Array, factor: number): Float64Array =>
  left.map((sample, index) => sample + factor * (right[index] as number));
const outcomeOf = (result: ValidationResult, name: MetricName): string | undefined =>
  result.metrics.find((metric) => metric.name === name)?.outcome;

describe('SignalValidator', () => {
  test('passes a copy, and one with a thousandth of noise', () => {
    const validator = new SignalValidator();
    for (const candidate of [sine, plus(sine, noise(7), 0.001), Float32Array.from(sine)]) {
      const result = validator.validate(candidate, sine);
      expect(result).toMatchObject({ passed: true, errors: [], warnings: [] });
      expect(result.metrics.map(({ outcome }) => outcome)).toEqual(Array(7).fill('passed'));
    }
  });

  test.each([
    [
      'mean',
      plus(
        sine,
        sine.map(() => 1),
        0.02,
      ),
      'The mean differs by 2.8',
    ],
    ['standardDeviation', sine.map((sample) => 1.02 * sample), 'The standard deviation differs by 2 %'],
    [
      'pointwise',
      sine.map((sample, index) => (index === 5_000 ? sample + 0.05 : sample)),
      'The samples differ by 7.07',
    ],
    ['correlation', noise(3), 'The correlation is '],
    ['coherence', noise(3), 'The coherence is '],
  ] as const)('finds an error of %s', (name, candidate, sentence) => {
    const result = new SignalValidator().validate(candidate, sine);
    expect(result.passed).toBe(false);
    expect(outcomeOf(result, name)).toBe('failed');
    expect(result.errors.join('\n')).toContain(sentence);
  });

  test('takes a limit where one is given, and the defaults elsewhere', () => {
    const louder = sine.map((sample) => 1.02 * sample);
    const tolerance = { standardDeviation: 0.03, rms: 0.03, percentiles: 0.03, pointwise: 0.03 };
    const result = new SignalValidator({ tolerance }).validate(louder, sine);
    expect(result).toMatchObject({ passed: true, tolerance: { ...tolerance, mean: 0.01, coherence: 0.95 } });
  });

  test('relative to its values a sine has no copy with noise', () => {
    const result = new SignalValidator({ scale: 'value' }).validate(plus(sine, noise(7), 0.001), sine);
    expect(outcomeOf(result, 'pointwise')).toBe('failed');
  });

  test('compares with a reference of zero', () => {
    const zeros = new Float64Array(5_000);
    expect(new SignalValidator().validate(zeros, zeros)).toMatchObject({
      passed: true,
      warnings: [
        'The correlation was not assessed: the reference is constant.',
        'The coherence was not assessed: the reference is constant.',
      ],
    });
    const { passed, metrics, errors } = new SignalValidator().validate(noise(5, 5_000), zeros);
    expect(passed).toBe(false);
    expect(metrics.find(({ name }) => name === 'rms')?.value).toBe(Infinity);
    expect(errors).toContain('The samples differ from a reference of zero.');
  });

  test.each([1e300, 1e155, 1e-170, 1e-300])('finds a copy of samples of %d coherent', (factor) => {
    const scaled = sine.map((sample) => sample * factor);
    expect(new SignalValidator().validate(scaled, scaled)).toMatchObject({ passed: true, warnings: [] });
  });

  test('does not judge the coherence of segments without power', () => {
    const result = new SignalValidator({ segmentLength: 1 }).validate(sine, sine);
    expect(result).toMatchObject({
      passed: true,
      warnings: ['The coherence was not assessed: segments of this length have no power.'],
    });
  });

  test('does not judge the coherence of few segments', () => {
    const result = new SignalValidator().validate(sine.slice(0, 1_000), sine.slice(0, 1_000));
    expect(outcomeOf(result, 'coherence')).toBe('not assessed');
    expect(result.warnings[0]).toContain('the signals have 6 segments');
    const short = new SignalValidator().validate(sine.slice(0, 256), sine.slice(0, 256));
    expect(short.warnings[0]).toContain('the signals have 1 segment, and');
    const shorter = new SignalValidator({ segmentLength: 64 }).validate(
      sine.slice(0, 1_000),
      sine.slice(0, 1_000),
    );
    expect(outcomeOf(shorter, 'coherence')).toBe('passed');
  });

  test('names the positions of samples that are not finite numbers', () => {
    const broken = sine.slice();
    for (const position of [3, 17, 20, 30, 40, 50, 60]) broken[position] = Number.NaN;
    broken[4] = -Infinity;
    expect(new SignalValidator().validate(broken, sine)).toMatchObject({
      passed: false,
      metrics: [],
      errors: [
        'The candidate has samples that are not finite numbers: NaN at 3, -Infinity at 4, NaN at 17, NaN at 20, NaN at 30 and 3 more.',
      ],
    });
    expect(new SignalValidator().validate([], sine).errors).toEqual(['The candidate has no samples.']);
  });

  test('refuses different lengths unless it is said how to align them', () => {
    const [shorter, moved] = [sine.slice(0, 9_000), sine.slice(23, 9_000)];
    const refused = new SignalValidator().validate(shorter, sine);
    expect(refused.errors[0]).toContain('The candidate has 9000 samples and the reference 10000');
    expect(new SignalValidator({ alignment: 'start' }).validate(shorter, sine)).toMatchObject({
      passed: true,
      warnings: ['Of 9000 and 10000 samples 9000 were compared.'],
    });
    expect(new SignalValidator({ alignment: 'end' }).validate(sine.slice(100), sine).passed).toBe(true);
    expect(new SignalValidator({ alignment: 'start' }).validate(moved, sine).passed).toBe(false);
  });

  test('finds by how much a candidate was moved', () => {
    const reference = noise(11, 3_000);
    const validator = new SignalValidator({ alignment: 'lag', segmentLength: 64 });
    fc.assert(
      fc.property(fc.integer({ min: -400, max: 400 }), (lag) => {
        const candidate = lag < 0 ? reference.slice(-lag) : Float64Array.of(...noise(13, lag), ...reference);
        expect(validator.validate(candidate, reference)).toMatchObject({ passed: true, lag });
      }),
      { numRuns: 30 },
    );
  });

  test.each([
    [{ segmentLength: 0 }, 'segmentLength 0 must be a positive integer'],
    [{ overlap: 1 }, 'overlap 1 must be at least 0 and below 1'],
    [{ tolerance: { mean: -1 } }, 'tolerance.mean -1 must be at least 0'],
    [{ tolerance: Object.fromEntries([['median', 1]]) }, 'tolerance "median" must be one of mean, '],
    [{ percentiles: [101] }, 'share 101 must be from 0 to 100'],
    [{ tolerance: { coherence: 2 } }, 'tolerance.coherence 2 must be at most 1'],
    [JSON.parse('{ "alignment": "middle" }') as object, 'alignment "middle" must be one of start, end, lag'],
    [JSON.parse('{ "scale": "peak" }') as object, 'scale "peak" must be one of rms, value'],
    [JSON.parse('{ "tolerance": 5 }') as object, 'tolerance 5 must be an object of limits'],
  ])('refuses %j', (options, message) => {
    const attempt = (): SignalValidator => new SignalValidator(options);
    expect(attempt).toThrow(message);
    try {
      attempt();
    } catch (error) {
      expect(InvalidValueError.isInstance(error)).toBe(true);
    }
  });
});
