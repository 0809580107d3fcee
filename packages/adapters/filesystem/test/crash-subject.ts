/** Changes a store step by step and says on standard output what was acknowledged. */
import { writeSync } from 'node:fs';
import { type Durability, FilesystemStorageAdapter } from '@holdfast/adapter-filesystem';
import { type CrashStep, crashSteps, runStep } from './crash-steps.ts';

const [root = '', name, durability = 'full', medium = 'local'] = process.argv.slice(2);
const layout = name === 'plain' ? 'plain' : 'store';
const folder = { root, durability: durability as Durability };
const adapter = new FilesystemStorageAdapter(
  layout === 'plain' ? { ...folder, layout } : { ...folder, medium: medium as 'local' | 'network' },
);
for (const [index, step] of crashSteps[layout].entries()) await acknowledge(index, step);
await adapter[Symbol.asyncDispose]();

async function acknowledge(index: number, step: CrashStep): Promise<void> {
  try {
    await runStep(adapter, step);
  } catch (error) {
    const { code = 'unknown' } = error as { readonly code?: string };
    return say(`failed ${index} ${code}`);
  }
  say(`done ${index}`);
}

/** The fault that is injected once may meet these words, which are no write to the store. */
function say(line: string): void {
  try {
    writeSync(1, `${line}\n`);
  } catch {
    writeSync(1, `${line}\n`);
  }
}
