import type { NumericSignal } from '../numeric-signal.ts';

/** Whether all samples are equal; true of none. */
export function isConstant(signal: NumericSignal): boolean {
  for (let index = 1; index < signal.length; index++) if (signal[index] !== signal[0]) return false;
  return true;
}
