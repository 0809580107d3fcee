import type { SegmentOptions } from '../spectra/segment-options.ts';
import type { Alignment } from './align.ts';
import type { Tolerance } from './validation-result.ts';

/** How a {@link SignalValidator} compares. */
export interface SignalValidatorOptions extends Pick<SegmentOptions, 'segmentLength' | 'overlap'> {
  /** The limits that differ from the defaults. */
  readonly tolerance?: Partial<Tolerance> | undefined;
  /**
   * What the errors of mean, percentiles and samples are shares of: the reference's root mean square, or the value of
   * the reference itself, which is next to nothing where a signal crosses zero. @default 'rms'
   */
  readonly scale?: 'rms' | 'value' | undefined;
  /** The percentiles that are compared, in percent. @default [5, 25, 50, 75, 95] */
  readonly percentiles?: readonly number[] | undefined;
  /** How signals of different lengths are compared. @default they are an error */
  readonly alignment?: Alignment | undefined;
}
