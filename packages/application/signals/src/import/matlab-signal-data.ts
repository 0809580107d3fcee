import type { FaultType } from '@holdfast/domain';
import type { NumericSignal } from '../numeric-signal.ts';
import type { SignalValidatorOptions } from '../validation/signal-validator-options.ts';
import { SignalValidator } from '../validation/signal-validator.ts';
import type { ValidationResult } from '../validation/validation-result.ts';
import type { SignalFromFile } from './read-signal.ts';
import type { SignalMetadata } from './signal-metadata.ts';

/** A recording out of a file of MATLAB, or of another format whose values are read. */
export interface MatlabSignalData extends SignalFromFile {
  /** The name of its file. */
  readonly fileName: string;
  /** What it shows, where metadata or the name of the file say it. */
  readonly label?: FaultType | undefined;
  readonly metadata: SignalMetadata;
}

/** Validates a signal against a recording that was imported. */
export function validateAgainstMatlab(
  signal: NumericSignal,
  reference: Pick<MatlabSignalData, 'samples'>,
  options: SignalValidatorOptions = {},
): ValidationResult {
  return new SignalValidator(options).validate(signal, reference.samples);
}
