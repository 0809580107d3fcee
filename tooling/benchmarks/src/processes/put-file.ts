/** Puts a file into a store and tells how much memory that took. */
import { FilesystemStorageAdapter } from '@holdfast/adapter-filesystem';
import { type ObjectKey } from '@holdfast/domain';
import { fileSource } from '@holdfast/storage';
import type { WriteReport } from '../benchmarks/put-stream-memory.ts';
import { MemoryAboveIdle } from './memory-above-idle.ts';

const [path = '', root = ''] = process.argv.slice(2);
await using adapter = new FilesystemStorageAdapter({ root });
await adapter.put('small' as ObjectKey, Buffer.from('opens the store'));
const memory = new MemoryAboveIdle();
const { checksum = '' } = await adapter.put('large' as ObjectKey, await fileSource(path));
const report: WriteReport = { peakAboveIdleBytes: memory.peakBytes, digest: checksum };
console.log(JSON.stringify(report));
