import { writeSync } from 'node:fs';
import { Hdf5Writer } from '../src/index.ts';

/** Begins to write a file, says so, and never ends: it is killed. */
const writer = await Hdf5Writer.create(process.argv[2] ?? '', { mode: 'replace' });
const rows = writer.dataset('rows', { dtype: 'float32', rowShape: [1000], gzip: 1 });
await rows.append(new Float32Array(500_000));
writeSync(1, 'written');
setInterval(() => {}, 1_000);
