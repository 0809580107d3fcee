import { InvalidValueError } from '@holdfast/domain';

/** How a signal is cut for Welch's method. */
export interface SegmentOptions {
  /** Samples a second. Frequencies and densities are in its unit. @default 1 */
  readonly samplingRateHz?: number | undefined;
  /** Length of a segment, in samples; the whole signal where that is shorter. @default 256 */
  readonly segmentLength?: number | undefined;
  /** Share of a segment that the next one repeats, from 0 to below 1. @default 0.5 */
  readonly overlap?: number | undefined;
}

/** Those options for a signal of a length, checked. */
export interface Segments {
  readonly samplingRateHz: number;
  readonly length: number;
  readonly step: number;
  readonly count: number;
}

/**
 * @throws InvalidValueError naming the option that is out of its range.
 */
export function segmentsOf(
  sampleCount: number,
  { samplingRateHz = 1, segmentLength = 256, overlap = 0.5 }: SegmentOptions,
): Segments {
  if (!(samplingRateHz > 0 && Number.isFinite(samplingRateHz)))
    throw new InvalidValueError({
      field: 'samplingRateHz',
      value: samplingRateHz,
      reason: 'must be a positive number',
    });
  if (!Number.isSafeInteger(segmentLength) || segmentLength < 1)
    throw new InvalidValueError({
      field: 'segmentLength',
      value: segmentLength,
      reason: 'must be a positive integer',
    });
  if (!(overlap >= 0 && overlap < 1))
    throw new InvalidValueError({
      field: 'overlap',
      value: overlap,
      reason: 'must be at least 0 and below 1',
    });
  const length = Math.max(1, Math.min(segmentLength, sampleCount));
  const step = length - Math.floor(length * overlap);
  const count = sampleCount === 0 ? 0 : Math.floor((sampleCount - length) / step) + 1;
  return { samplingRateHz, length, step, count };
}
