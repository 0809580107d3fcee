import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { configurationVersion } from '@holdfast/contracts';
import { describe, expect, it } from 'vitest';
import { loadConfiguration } from '../src/index.ts';

const folder = join(import.meta.dirname, 'older-files');
const files = (await readdir(folder)).filter((name) => name.endsWith('.yaml'));

describe('configuration files of every version that there was', () => {
  it('are all here', () => {
    for (let version = 1; version <= configurationVersion; version++)
      expect(files).toContain(`version-${version}.yaml`);
  });

  it.each(files)('%s means today what it meant then', async (name) => {
    const flags = { config: join(folder, name) };
    const { configuration } = await loadConfiguration({
      workingFolder: folder,
      environment: {},
      homeFolder: folder,
      flags,
    });
    expect(configuration).toEqual(
      JSON.parse(await readFile(join(folder, name.replace('.yaml', '.json')), 'utf8')),
    );
  });
});
