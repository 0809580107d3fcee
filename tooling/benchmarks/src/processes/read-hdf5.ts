/** Reads compressed rows in batches, and reports how much memory that took. */
import { Hdf5File, Hdf5Threads } from '@holdfast/adapter-hdf5';
import { MemoryAboveIdle } from './memory-above-idle.ts';

const path = process.argv[2] ?? '';
const memory = new MemoryAboveIdle();
await using threads = new Hdf5Threads({ count: 2 });
await using file = await Hdf5File.open(path, { threads });
const dataset = await file.dataset('signals');
const into = new Float32Array(64 * (dataset.shape[1] ?? 0));
for (let row = 0; row + 64 <= dataset.rowCount; row += 64) await dataset.readRows(row, 64, { into });
process.stdout.write(String(memory.peakBytes));
