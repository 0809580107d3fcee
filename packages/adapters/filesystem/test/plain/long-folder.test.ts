import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';
import { keysOf, openPlain } from './open-plain.ts';

/** More than are held at once, so that the folder is read several times. */
const fileCount = 40_000;

test(
  'a folder of more files than are held at once is listed in order, whole',
  { timeout: 60_000 },
  async () => {
    const folder = await temporaryFolder();
    const names = Array.from({ length: fileCount }, (_, index) => `f${String(index).padStart(6, '0')}`);
    mkdirSync(join(folder.path, 'long', 'f039999x'), { recursive: true });
    for (const name of names.toReversed()) writeFileSync(join(folder.path, 'long', name), '');
    writeFileSync(join(folder.path, 'long', 'f039999x', 'inner'), '');
    await using adapter = openPlain(folder.path);
    const keys = [...names, 'f039999x/inner'].map((name) => `long/${name}`);
    expect(await keysOf(adapter)).toEqual(keys);
    expect(await keysOf(adapter, { prefix: 'long/f0399', startAfter: 'long/f039998' })).toEqual(
      keys.slice(-2),
    );
    await folder.remove();
  },
);
