import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Hdf5Error, Hdf5File } from './index.ts';

describe('opening an HDF5 file', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hdf5-file-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('refuses a file that does not exist, a folder, and other content, each with its path', async () => {
    const other = join(folder, 'other.h5');
    await writeFile(other, 'these are no numbers');
    for (const [path, code] of [
      [join(folder, 'missing.h5'), 'not-found'],
      [folder, 'invalid-argument'],
      [other, 'corrupt'],
    ] as const) {
      const error = await Hdf5File.open(path).catch((caught: unknown) => caught);
      expect(Hdf5Error.isInstance(error, code), String(error)).toBe(true);
      expect(Hdf5Error.isInstance(error) && error.file).toBe(path);
    }
  });
});
