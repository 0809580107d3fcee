/** Copies and hashes a file and tells how much memory that took. */
import { createHash } from 'node:crypto';
import { copyFileDurably } from '../bare/copy-file.ts';
import type { WriteReport } from '../benchmarks/put-stream-memory.ts';
import { MemoryAboveIdle } from './memory-above-idle.ts';

const [from = '', to = ''] = process.argv.slice(2);
const hash = createHash('sha256');
const memory = new MemoryAboveIdle();
await copyFileDurably(from, to, (block) => void hash.update(block));
const report: WriteReport = { peakAboveIdleBytes: memory.peakBytes, digest: `sha256:${hash.digest('hex')}` };
console.log(JSON.stringify(report));
