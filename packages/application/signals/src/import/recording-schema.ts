import type { MatlabSignalData } from './matlab-signal-data.ts';
import { SignalError } from './signal-error.ts';

/** What a recording must have beside a signal. */
export interface RecordingSchema {
  /** The fewest samples. @default 2 */
  readonly leastSamples?: number | undefined;
  /** Whether its sampling rate must be known. @default false */
  readonly needsSamplingRate?: boolean | undefined;
  /** Whether it must be known what it shows. @default false */
  readonly needsLabel?: boolean | undefined;
  /** Metadata that must be there, by path, and of which kind it is. */
  readonly metadata?: Readonly<Record<string, 'number' | 'text'>> | undefined;
}

/**
 * @throws SignalError `incomplete-recording` listing everything that is missing.
 */
export function assertSchema(recording: MatlabSignalData, schema: RecordingSchema): void {
  const { leastSamples = 2, needsSamplingRate = false, needsLabel = false, metadata = {} } = schema;
  const { samples, samplingRateHz, label } = recording;
  const missing = [
    ...(samples.length < leastSamples ? [`${leastSamples} samples (it has ${samples.length})`] : []),
    ...(needsSamplingRate && samplingRateHz === undefined ? ['a sampling rate'] : []),
    ...(needsLabel && label === undefined ? ['a label'] : []),
    ...Object.entries(metadata)
      .filter(([path, kind]) => typeof recording.metadata[path] !== (kind === 'text' ? 'string' : 'number'))
      .map(([path, kind]) => `the ${kind} ${path}`),
  ];
  if (missing.length === 0) return;
  throw new SignalError('incomplete-recording', `The recording needs ${missing.join(', ')}.`);
}
