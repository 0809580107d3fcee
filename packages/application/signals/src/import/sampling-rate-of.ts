import { elementAt, type NumericLeaf, isSingle } from '@holdfast/formats';
import { isRealType } from './real-samples.ts';

const usualNames = /^(?:fs|sr|(?:sampling|sample)_?(?:rate|freq|frequency)(?:_?hz)?)$/i;

/** The sampling rate that a file has: a positive number with a usual name, such as `fs`, `sr` or `sampling_rate_hz`. */
export async function samplingRateOf(leaves: readonly NumericLeaf[]): Promise<number | undefined> {
  for (const leaf of leaves) {
    if (
      !isSingle(leaf.shape) ||
      !isRealType(leaf.dtype) ||
      !usualNames.test(leaf.path.split('.').at(-1) ?? '')
    )
      continue;
    const rate = Number(elementAt(await leaf.read(), 0));
    if (rate > 0 && Number.isFinite(rate)) return rate;
  }
  return undefined;
}
