import { expect, test, vi } from 'vitest';
import type { DataFiles } from './data-files.ts';
import type { ObjectIndex } from './object-index.ts';
import { UnusedFiles } from './unused-files.ts';

function setUp(checkpoint: () => boolean): { unused: UnusedFiles; removed: string[] } {
  const removed: string[] = [];
  const data: Pick<DataFiles, 'remove' | 'syncFolders'> = {
    remove: async (dataId) => void removed.push(dataId),
    syncFolders: async () => {},
  };
  const options = { areCommitsSynced: false, busyTimeoutMs: 0 };
  const unused = new UnusedFiles({ checkpoint } as ObjectIndex, data as DataFiles, options);
  return { unused, removed };
}

test('a file that is released while others are removed waits for the next checkpoint', async () => {
  let late: Promise<void> | undefined;
  const checkpoint = vi.fn<() => boolean>(() => {
    late ??= Promise.resolve().then(() => unused.release(['late']));
    return true;
  });
  const { unused, removed } = setUp(checkpoint);
  await unused.release(['early']);
  await unused.flush();
  await late;
  expect(removed).toEqual(['early']);
  await unused.flush();
  expect(removed).toEqual(['early', 'late']);
  expect(checkpoint).toHaveBeenCalledTimes(2);
});

test.each([
  ['others read an older state', () => false],
  [
    'the disk fails',
    () => {
      throw new Error('disk I/O error');
    },
  ],
])('nothing is removed, nor forgotten, when a checkpoint cannot be had: %s', async (_, fail) => {
  const checkpoint = vi.fn<() => boolean>(() => true).mockImplementationOnce(fail);
  const { unused, removed } = setUp(checkpoint);
  await unused.release(['a']);
  await unused.flush();
  expect(removed).toEqual([]);
  await unused.flush();
  expect(removed).toEqual(['a']);
});
