import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runStorageCase, storageCasesFor } from '@holdfast/conformance';
import { describe, expect, test, vi } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';
import { key, keysOf, openPlain, textOf } from './open-plain.ts';

vi.mock('../../src/plain/probe-name-rules.ts', () => ({
  probeNameRules: () => Promise.resolve({ isFolding: true, isWindows: true }),
}));

/** The names of all files and folders but the temporary ones. */
async function namesBelow(root: string): Promise<readonly string[]> {
  return (await readdir(root, { recursive: true })).filter((path) => !path.includes('.holdfast-'));
}

describe('on a file system that folds names and reserves some, as far as this one can stand in for it', () => {
  const { capabilities } = openPlain('.');
  const createStore = async () => {
    const folder = await temporaryFolder();
    return { open: () => openPlain(join(folder.path, 'store')), remove: folder.remove };
  };
  const harness = { capabilities, createStore };
  const cases = storageCasesFor(harness).filter(({ group }) => group === 'keys' || group === 'list');

  test.each(cases.map((one) => [one.name, one] as const))('%s', async (_name, one) => {
    await runStorageCase(one, harness);
  });

  test('names differ by more than it tells apart', async () => {
    const folder = await temporaryFolder();
    await using adapter = openPlain(folder.path);
    const texts = 'model Model MODEL dir/x DIR/x ß SS ss é e\u0301 CON con aux.txt a: a. a'.split(' ');
    for (const text of texts) await adapter.put(key(text), Buffer.from(text));
    const names = await namesBelow(folder.path);
    expect(new Set(names.map((name) => name.normalize('NFKD').toLowerCase())).size).toBe(names.length);
    expect(names.filter((name) => /[<>:"\\|?*]|[. ]$|^con$/i.test(name))).toEqual(
      ['con'].filter(() => false),
    );
    for (const text of texts) expect(await textOf(adapter, text)).toBe(text);
    await folder.remove();
  });

  test('files that were there keep their names', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder.path, 'Data'));
    await writeFile(join(folder.path, 'Data', 'README.md'), 'old');
    await using adapter = openPlain(folder.path);
    expect(await keysOf(adapter)).toEqual(['Data/README.md']);
    await adapter.put(key('Data/README.md'), Buffer.from('new'));
    expect(await textOf(adapter, 'Data/README.md')).toBe('new');
    expect(await namesBelow(folder.path)).toEqual(['Data', 'Data/README.md']);
    await folder.remove();
  });
});
