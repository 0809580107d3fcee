import type { Amount } from '../framework/amount.ts';
import type { Setting } from '../framework/setting.ts';
import { type SampleFile, makeSampleFile } from './sample-file.ts';

const gibibyte = 1_073_741_824;

/** One large object. */
export const largeAmount: { readonly full: Amount; readonly quick: Amount } = {
  full: { count: 1, unit: 'objects', sizeBytes: gibibyte },
  quick: { count: 1, unit: 'objects', sizeBytes: gibibyte / 8 },
};

/** The file that large objects are made of; one for all benchmarks of a run. */
export function largeFile({ amount, shared, say }: Setting): Promise<SampleFile> {
  const { sizeBytes = 0 } = amount;
  return shared.find(`file-of-${sizeBytes}`, (folder) => {
    say('writing the sample file');
    return makeSampleFile(folder, sizeBytes);
  });
}
