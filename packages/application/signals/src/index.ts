export {
  MatlabImporter,
  type ImportOutcome,
  type ImportProgress,
  type MatlabImporterOptions,
} from './import/matlab-importer.ts';
export { type MatlabSignalData, validateAgainstMatlab } from './import/matlab-signal-data.ts';
export type { RecordingSchema } from './import/recording-schema.ts';
export type { SignalMetadata } from './import/signal-metadata.ts';
export {
  readSignal,
  usualSignalNames,
  type ReadSignalOptions,
  type SignalFromFile,
} from './import/read-signal.ts';
export { SignalError, type SignalErrorCode } from './import/signal-error.ts';
export type { NumericSignal } from './numeric-signal.ts';
export { coherence, type Coherence } from './spectra/coherence.ts';
export { fourierTransform, type FourierTransform } from './spectra/fourier-transform.ts';
export { powerSpectrum, type PowerSpectrum } from './spectra/power-spectrum.ts';
export type { SegmentOptions } from './spectra/segment-options.ts';
export { correlation } from './statistics/correlation.ts';
export { percentiles } from './statistics/percentiles.ts';
export { signalStatistics, type SignalStatistics } from './statistics/signal-statistics.ts';
export type { Alignment } from './validation/align.ts';
export { SignalValidator, defaultTolerance } from './validation/signal-validator.ts';
export type { SignalValidatorOptions } from './validation/signal-validator-options.ts';
export {
  metricNames,
  type Metric,
  type MetricName,
  type MetricOutcome,
  type Tolerance,
  type ValidationResult,
} from './validation/validation-result.ts';
