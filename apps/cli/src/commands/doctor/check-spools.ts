import { tmpdir } from 'node:os';
import { collectSpools } from '@holdfast/storage';
import { printLeftovers } from './find-leftovers.ts';
import type { HealthCheck } from './health-check.ts';

/** What saves that were killed left in the folder for temporary files; nothing where there is nothing. */
export async function checkSpools(folder: string = tmpdir()): Promise<readonly HealthCheck[]> {
  const { removed, kept } = await collectSpools(folder, { isDryRun: true });
  const found = [...removed, ...kept];
  if (found.length === 0) return [];
  const sizeBytes = found.reduce((sum, file) => sum + file.sizeBytes, 0);
  const left = printLeftovers({ kind: 'temporary file', count: found.length, sizeBytes });
  return [
    {
      subject: 'spool folder',
      state: 'notice',
      finding: `${folder}: ${left} that saves left when they were killed`,
      advice:
        kept.length === 0
          ? 'Remove them with holdfast gc.'
          : 'Remove them with holdfast gc --alone, while nothing else saves.',
    },
  ];
}
