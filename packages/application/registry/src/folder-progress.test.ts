import type { TransferProgress } from '@holdfast/storage';
import { expect, test } from 'vitest';
import { FolderProgress } from './folder-progress.ts';

test('a file that is sent again from its beginning does not take the progress back', () => {
  const told: TransferProgress[] = [];
  const progress = new FolderProgress([10, 5], (one) => told.push(one));
  progress.advance(0, { phase: 'write', bytes: 8 });
  progress.advance(0, { phase: 'write', bytes: 2 });
  progress.advance(1, { phase: 'write', bytes: 5 });
  progress.advance(0, { phase: 'write', bytes: 9 });
  progress.finish(0);
  progress.finish(1);
  expect(told.map(({ bytes }) => bytes)).toEqual([8, 13, 14, 15]);
  expect(told.every(({ totalBytes }) => totalBytes === 15)).toBe(true);
});

test('phases are counted apart', () => {
  const told: string[] = [];
  const progress = new FolderProgress([10, 5], ({ phase, bytes }) => told.push(`${phase} ${bytes}`));
  progress.advance(0, { phase: 'hash', bytes: 10 });
  progress.advance(0, { phase: 'write', bytes: 4 });
  progress.advance(1, { phase: 'hash', bytes: 5 });
  progress.finish(1);
  expect(told).toEqual(['hash 10', 'write 4', 'hash 15', 'write 9']);
});
