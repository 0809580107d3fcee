/** Does one task of a store's upkeep, and prints a line when it is done. */
import { writeSync } from 'node:fs';
import { FilesystemStorageAdapter } from '@holdfast/adapter-filesystem';

const [root = '', task = ''] = process.argv.slice(2);
await using adapter = new FilesystemStorageAdapter({ root });
if (task === 'snapshot') await adapter.maintenance?.snapshot?.();
if (task === 'rebuild') await adapter.maintenance?.rebuild?.();
writeSync(1, `done ${task}\n`);
