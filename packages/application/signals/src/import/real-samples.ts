import { type NumericArray, elementAt, elementLayout, toRowMajor } from '@holdfast/formats';

/** Whether the elements of a type are real numbers that a signal can have. */
export function isRealType(dtype: NumericArray['dtype']): boolean {
  if (dtype === 'bool' || dtype === 'datetime64' || dtype === 'timedelta64') return false;
  return elementLayout(dtype).lanes === 1;
}

/** How an array holds samples: along its longest dimension, and the channels along the other one. */
export interface SampleLayout {
  readonly sampleCount: number;
  readonly channelCount: number;
  /** Whether the samples of one channel follow each other in row-major order. */
  readonly channelsFirst: boolean;
}

/** The layout of an array, or `undefined` where it has more dimensions than samples and channels need. */
export function sampleLayoutOf(shape: readonly number[]): SampleLayout | undefined {
  const extents = shape.filter((extent) => extent !== 1);
  if (extents.length > 2) return undefined;
  const [first = 1, second = 1] = extents;
  if (first >= second) return { sampleCount: first, channelCount: second, channelsFirst: false };
  return { sampleCount: second, channelCount: first, channelsFirst: true };
}

/** The samples of a channel in double precision; 64-bit integers beyond 2⁵³ are rounded. */
export function realSamples(array: NumericArray, layout: SampleLayout, channel: number): Float64Array {
  const { sampleCount, channelCount, channelsFirst } = layout;
  const rows = toRowMajor(array);
  const [start, step] = channelsFirst ? [channel * sampleCount, 1] : [channel, channelCount];
  const samples = new Float64Array(sampleCount);
  for (let index = 0; index < sampleCount; index++)
    samples[index] = Number(elementAt(rows, start + index * step));
  return samples;
}
