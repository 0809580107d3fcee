import { InvalidValueError } from '@holdfast/domain';
import type { NumericSignal } from '../numeric-signal.ts';
import { segmentsOf } from '../spectra/segment-options.ts';
import { percentiles } from '../statistics/percentiles.ts';
import { align } from './align.ts';
import { compareSignals } from './compare-signals.ts';
import type { SignalValidatorOptions } from './signal-validator-options.ts';
import { type UnusableSample, unusableSamples } from './unusable-samples.ts';
import type { Tolerance, ValidationResult } from './validation-result.ts';

/** The limits that apply where none are given. */
export const defaultTolerance: Tolerance = {
  mean: 0.01,
  standardDeviation: 0.01,
  rms: 0.01,
  percentiles: 0.01,
  pointwise: 0.01,
  correlation: 0.99,
  coherence: 0.95,
};

/**
 * Validates signals against references: an import against the original, a simulation against a measurement.
 *
 * Standard deviation and root mean square are compared relative to the reference's own; mean, percentiles and samples
 * relative to its root mean square. Against a reference of zero the error is 0 where both are zero, else infinite.
 */
export class SignalValidator {
  readonly tolerance: Tolerance;
  readonly #options: SignalValidatorOptions;

  /**
   * @throws InvalidValueError naming the option that is out of its range.
   */
  constructor(options: SignalValidatorOptions = {}) {
    segmentsOf(1, options);
    percentiles([], options.percentiles ?? []);
    assertOneOf('scale', options.scale, ['rms', 'value']);
    assertOneOf('alignment', options.alignment, ['start', 'end', 'lag']);
    this.tolerance = checkedTolerance(options.tolerance);
    this.#options = options;
  }

  /** Compares a candidate with its reference. What is wrong with them is in the result; nothing is thrown. */
  validate(candidate: NumericSignal, reference: NumericSignal): ValidationResult {
    const { alignment } = this.#options;
    const { tolerance } = this;
    const errors = [...whyUnusable('candidate', candidate), ...whyUnusable('reference', reference)];
    if (errors.length > 0) return { passed: false, tolerance, metrics: [], errors, warnings: [] };
    if (candidate.length === reference.length && alignment !== 'lag')
      return compareSignals({ candidate, reference }, { ...this.#options, tolerance });
    if (alignment === undefined) {
      const error = `The candidate has ${candidate.length} samples and the reference ${reference.length}. Signals of different lengths are compared with an alignment: start, end or lag.`;
      return { passed: false, tolerance, metrics: [], errors: [error], warnings: [] };
    }
    const aligned = align(candidate, reference, alignment);
    const result = compareSignals(aligned, { ...this.#options, tolerance });
    const { lag } = aligned;
    const count = aligned.candidate.length;
    const moved = lag === undefined ? '' : `, with the candidate moved by ${lag} samples`;
    const warning = `Of ${candidate.length} and ${reference.length} samples ${count} were compared${moved}.`;
    return { ...result, warnings: [warning, ...result.warnings], lag };
  }
}

function assertOneOf(field: string, value: string | undefined, allowed: readonly string[]): void {
  if (value !== undefined && !allowed.includes(value))
    throw new InvalidValueError({ field, value, reason: `must be one of ${allowed.join(', ')}` });
}

function checkedTolerance(given: Partial<Tolerance> = {}): Tolerance {
  if (typeof given !== 'object' || given === null)
    throw new InvalidValueError({ field: 'tolerance', value: given, reason: 'must be an object of limits' });
  for (const [name, limit] of Object.entries(given)) {
    if (!(name in defaultTolerance)) {
      const reason = `must be one of ${Object.keys(defaultTolerance).join(', ')}`;
      throw new InvalidValueError({ field: 'tolerance', value: name, reason });
    }
    if (limit !== undefined && !(limit >= 0))
      throw new InvalidValueError({ field: `tolerance.${name}`, value: limit, reason: 'must be at least 0' });
    if ((name === 'correlation' || name === 'coherence') && limit !== undefined && limit > 1)
      throw new InvalidValueError({ field: `tolerance.${name}`, value: limit, reason: 'must be at most 1' });
  }
  const set = Object.entries(given).filter(([, limit]) => limit !== undefined);
  return { ...defaultTolerance, ...Object.fromEntries(set) };
}

function whyUnusable(name: string, signal: NumericSignal): readonly string[] {
  if (signal.length === 0) return [`The ${name} has no samples.`];
  const { count, first } = unusableSamples(signal);
  if (count === 0) return [];
  const shown = first.map(({ position, value }: UnusableSample) => `${value} at ${position}`).join(', ');
  const more = count > first.length ? ` and ${count - first.length} more` : '';
  return [`The ${name} has samples that are not finite numbers: ${shown}${more}.`];
}
