/** Lists the values of a file and tells how much memory that took. */
import { readMat } from '@holdfast/formats';
import { FileRangeSource } from '@holdfast/storage';
import { MemoryAboveIdle } from './memory-above-idle.ts';

const path = process.argv[2] ?? '';
const memory = new MemoryAboveIdle();
await using source = await FileRangeSource.open(path);
const { variables: values } = await readMat(source);
if (values.length < 2) throw new Error('Nothing was listed.');
process.stdout.write(String(memory.peakBytes));
