/** Changes a store step by step and says on standard output what was acknowledged. */
import { writeSync } from 'node:fs';
import { FilesystemStorageAdapter } from '@holdfast/adapter-filesystem';
import { type CrashStep, crashSteps, runStep } from './crash-steps.ts';

const [root = '', name] = process.argv.slice(2);
const layout = name === 'plain' ? 'plain' : 'store';
const adapter = new FilesystemStorageAdapter({ root, layout });
for (const [index, step] of crashSteps[layout].entries()) await acknowledge(index, step);
await adapter[Symbol.asyncDispose]();

async function acknowledge(index: number, step: CrashStep): Promise<void> {
  try {
    await runStep(adapter, step);
    writeSync(1, `done ${index}\n`);
  } catch (error) {
    const { code = 'unknown' } = error as { readonly code?: string };
    writeSync(1, `failed ${index} ${code}\n`);
  }
}
