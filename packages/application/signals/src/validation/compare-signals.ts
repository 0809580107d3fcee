import type { NumericSignal } from '../numeric-signal.ts';
import { type Coherence, coherence } from '../spectra/coherence.ts';
import { correlation } from '../statistics/correlation.ts';
import { isConstant } from '../statistics/is-constant.ts';
import { percentiles } from '../statistics/percentiles.ts';
import { signalStatistics } from '../statistics/signal-statistics.ts';
import type { AlignedSignals } from './align.ts';
import type { SignalValidatorOptions } from './signal-validator-options.ts';
import type { Metric, MetricName, Tolerance, ValidationResult } from './validation-result.ts';

/** With fewer segments even unrelated signals look alike. */
const fewestSegments = 8;
const defaultPercentiles = [5, 25, 50, 75, 95];

type Options = SignalValidatorOptions & { readonly tolerance: Tolerance };

/** Compares two signals of one length, of finite samples. */
export function compareSignals(signals: AlignedSignals, options: Options): ValidationResult {
  const { tolerance } = options;
  const spectrum = coherence(signals.candidate, signals.reference, options);
  const likeness = [correlationMetric(signals, tolerance), coherenceMetric(signals, spectrum, options)];
  const metrics = [...errorMetrics(signals, options), ...likeness.map(({ metric }) => metric)];
  const errors = metrics.filter(({ outcome }) => outcome === 'failed').map(sentenceOf);
  const { frequencies, values, segmentCount } = spectrum;
  return {
    passed: errors.length === 0,
    tolerance,
    metrics,
    errors,
    warnings: likeness.flatMap(({ warning }) => warning ?? []),
    coherence: { frequencies, values, segmentCount },
  };
}

function errorMetrics({ candidate, reference }: AlignedSignals, options: Options): readonly Metric[] {
  const { tolerance, scale = 'rms', percentiles: shares = defaultPercentiles } = options;
  const [found, wanted] = [signalStatistics(candidate), signalStatistics(reference)];
  const sizeOf = (value: number): number => (scale === 'rms' ? wanted.rms : Math.abs(value));
  const between = (name: MetricName, own?: 'own'): Metric => {
    const key = name as 'mean' | 'standardDeviation' | 'rms';
    const value = shareOf(found[key] - wanted[key], own === undefined ? sizeOf(wanted[key]) : wanted[key]);
    return { ...judged(name, value, tolerance), candidate: found[key], reference: wanted[key] };
  };
  const [foundShares, wantedShares] = [percentiles(candidate, shares), percentiles(reference, shares)];
  const shareErrors = wantedShares.map((value, index) =>
    shareOf((foundShares[index] as number) - value, sizeOf(value)),
  );
  return [
    between('mean'),
    between('standardDeviation', 'own'),
    between('rms', 'own'),
    judged('percentiles', Math.max(0, ...shareErrors), tolerance),
    judged('pointwise', largestError({ candidate, reference }, sizeOf), tolerance),
  ];
}

function largestError({ candidate, reference }: AlignedSignals, sizeOf: (value: number) => number): number {
  let largest = 0;
  for (let index = 0; index < reference.length; index++) {
    const value = reference[index] as number;
    const error = shareOf((candidate[index] as number) - value, sizeOf(value));
    if (error > largest) largest = error;
  }
  return largest;
}

/** An error as a share of a size; of zero it is 0 where nothing differs, else infinite. */
function shareOf(difference: number, size: number): number {
  if (difference === 0) return 0;
  return size === 0 ? Number.POSITIVE_INFINITY : Math.abs(difference) / size;
}

function judged(name: MetricName, value: number, tolerance: Tolerance): Metric {
  const limit = tolerance[name];
  const isLikeness = name === 'correlation' || name === 'coherence';
  return {
    name,
    outcome: (isLikeness ? value >= limit : value <= limit) ? 'passed' : 'failed',
    value,
    limit,
  };
}

interface Assessment {
  readonly metric: Metric;
  readonly warning?: string;
}

function notAssessed(name: MetricName, tolerance: Tolerance, reason: string): Assessment {
  const metric: Metric = { name, outcome: 'not assessed', value: Number.NaN, limit: tolerance[name] };
  return { metric, warning: `The ${name} was not assessed: ${reason}.` };
}

function correlationMetric({ candidate, reference }: AlignedSignals, tolerance: Tolerance): Assessment {
  const constant = constantOf(candidate, reference);
  if (constant !== undefined) return notAssessed('correlation', tolerance, `the ${constant} is constant`);
  return { metric: judged('correlation', correlation(candidate, reference), tolerance) };
}

function coherenceMetric(
  { candidate, reference }: AlignedSignals,
  { values, shares, segmentCount }: Coherence,
  { tolerance }: Options,
): Assessment {
  const constant = constantOf(candidate, reference);
  if (constant !== undefined) return notAssessed('coherence', tolerance, `the ${constant} is constant`);
  if (segmentCount < fewestSegments) {
    const reason = `the signals have ${segmentCount} ${segmentCount === 1 ? 'segment' : 'segments'}, and below ${fewestSegments} even unrelated signals look alike; a shorter segment length gives more`;
    return notAssessed('coherence', tolerance, reason);
  }
  const mean = weightedMean(values, shares);
  if (Number.isNaN(mean)) return notAssessed('coherence', tolerance, 'segments of this length have no power');
  return { metric: judged('coherence', mean, tolerance) };
}

function constantOf(candidate: NumericSignal, reference: NumericSignal): string | undefined {
  if (isConstant(reference)) return 'reference';
  return isConstant(candidate) ? 'candidate' : undefined;
}

/** Frequencies at which the candidate has no power count as unrelated where the reference has some. */
function weightedMean(values: Float64Array, shares: Float64Array): number {
  let sum = 0;
  for (const [index, share] of shares.entries()) {
    const value = values[index] as number;
    sum += share * (Number.isNaN(value) ? 0 : value);
  }
  return sum;
}

const named: Readonly<Record<MetricName, string>> = {
  mean: 'mean',
  standardDeviation: 'standard deviation',
  rms: 'root mean square',
  percentiles: 'percentiles',
  pointwise: 'samples',
  correlation: 'correlation',
  coherence: 'coherence',
};

function sentenceOf({ name, value, limit }: Metric): string {
  if (name === 'correlation' || name === 'coherence')
    return `The ${named[name]} is ${value.toPrecision(4)}; at least ${limit} is needed.`;
  const subject = `The ${named[name]} ${isPlural(name) ? 'differ' : 'differs'}`;
  if (!Number.isFinite(value)) return `${subject} from a reference of zero.`;
  return `${subject} by ${inPercent(value)}; at most ${inPercent(limit)} is allowed.`;
}

function isPlural(name: MetricName): boolean {
  return name === 'percentiles' || name === 'pointwise';
}

function inPercent(share: number): string {
  return `${Number((share * 100).toPrecision(4))} %`;
}
