/** What is compared, in the order of a report. */
export const metricNames = [
  'mean',
  'standardDeviation',
  'rms',
  'percentiles',
  'pointwise',
  'correlation',
  'coherence',
] as const;

export type MetricName = (typeof metricNames)[number];

/**
 * How a metric came out. `not assessed`: the signals do not allow a judgement, a warning says why, and the result does
 * not depend on it.
 */
export type MetricOutcome = 'passed' | 'failed' | 'not assessed';

/** One comparison. */
export interface Metric {
  readonly name: MetricName;
  readonly outcome: MetricOutcome;
  /**
   * The error, as a share (0.01 is one percent), of which `limit` is the most that passes; for `correlation` and
   * `coherence` the likeness, of which `limit` is the least that passes. NaN where it is not assessed.
   */
  readonly value: number;
  readonly limit: number;
  /** The two figures that the error is between, where there are two. */
  readonly candidate?: number | undefined;
  readonly reference?: number | undefined;
}

/** The limits of a validation. */
export interface Tolerance {
  /** Most error of the mean. @default 0.01 */
  readonly mean: number;
  /** Most error of the standard deviation. @default 0.01 */
  readonly standardDeviation: number;
  /** Most error of the root mean square. @default 0.01 */
  readonly rms: number;
  /** Most error of any percentile. @default 0.01 */
  readonly percentiles: number;
  /** Most error of any sample. @default 0.01 */
  readonly pointwise: number;
  /** Least correlation of Pearson. @default 0.99 */
  readonly correlation: number;
  /** Least coherence, the mean over frequencies weighted by the reference's power. @default 0.95 */
  readonly coherence: number;
}

/** What a validation found. */
export interface ValidationResult {
  /** Whether there are no errors. */
  readonly passed: boolean;
  /** The limits that were applied. */
  readonly tolerance: Tolerance;
  /** In the order of {@link metricNames}; none where the signals cannot be compared at all. */
  readonly metrics: readonly Metric[];
  /** Why it did not pass, one sentence each. */
  readonly errors: readonly string[];
  /** What was not assessed or done for the comparison, and why. */
  readonly warnings: readonly string[];
  /** The coherence by frequency, as `scipy.signal.coherence` gives it; where the signals can be compared. */
  readonly coherence?:
    | { readonly frequencies: Float64Array; readonly values: Float64Array; readonly segmentCount: number }
    | undefined;
  /** By how many samples the candidate was moved to the left, with `alignment: 'lag'`. */
  readonly lag?: number | undefined;
}
