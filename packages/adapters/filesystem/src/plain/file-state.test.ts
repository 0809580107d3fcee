import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { stampFile } from './file-state.ts';

test('no two files that are written one after the other get one time, however coarse the clock of the disk', async () => {
  const folder = await temporaryFolder();
  await using file = await open(join(folder.path, 'file'), 'w');
  const times = new Set<bigint>();
  const begun = Date.now();
  for (let round = 0; round < 2_000; round++) {
    await stampFile(file);
    const { mtimeNs } = await file.stat({ bigint: true });
    times.add(mtimeNs);
    expect(Number(mtimeNs / 1_000_000n)).toBeGreaterThanOrEqual(begun - 1);
    expect(Number(mtimeNs / 1_000_000n)).toBeLessThanOrEqual(Date.now() + 1);
  }
  expect(times.size).toBe(2_000);
  await folder.remove();
});
