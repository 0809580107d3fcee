import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { configurationFields, configurationJsonSchema } from '@holdfast/contracts';
import { StorageError } from '@holdfast/ports';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { schemaUrl } from './configuration-template.ts';
import { initConfiguration } from './init-configuration.ts';
import { loadConfiguration } from './load-configuration.ts';

const contractsFolder = join(import.meta.dirname, '../../../contracts');

/** The fields of other backends than the one that a new file configures are in the guide. */
function isShown(path: string): boolean {
  const [section, , name = ''] = path.split('.');
  const folders = configurationJsonSchema().properties?.['stores']?.additionalProperties;
  const form = (folders || undefined)?.oneOf?.find(({ properties }) => properties?.['root'] !== undefined);
  return section !== 'stores' || Object.hasOwn(form?.properties ?? {}, name);
}

describe('initConfiguration', () => {
  it('writes a file that says what would hold without it', async () => {
    const folder = join(await temporaryFolder(), 'new');
    const { file, text } = await initConfiguration({ folder });
    expect(await readFile(file, 'utf8')).toBe(text);
    expect((await readdir(folder, { recursive: true })).toSorted()).toEqual([
      '.holdfast',
      '.holdfast/.gitignore',
      'holdfast.yaml',
    ]);
    const options = { workingFolder: folder, environment: {}, homeFolder: folder };
    const { configuration } = await loadConfiguration(options);
    await writeFile(file, '');
    expect(configuration).toEqual((await loadConfiguration(options)).configuration);
  });

  it('shows every field, with the default that it has', async () => {
    const { text } = await initConfiguration({ folder: await temporaryFolder() });
    for (const field of configurationFields().filter(({ path }) => isShown(path))) {
      const line = `${field.path.split('.').at(-1)}: ${field.default ?? ''}`;
      expect(text).toContain(line);
    }
  });

  it('points editors to a file of the published package', async () => {
    const { text } = await initConfiguration({ folder: await temporaryFolder() });
    expect(text.split('\n')[0]).toBe(`# yaml-language-server: $schema=${schemaUrl}`);
    const [, name, path = ''] = /unpkg\.com\/(@holdfast\/\w+)\/(.*)$/.exec(schemaUrl) ?? [];
    const manifest = JSON.parse(await readFile(join(contractsFolder, 'package.json'), 'utf8')) as {
      readonly name: string;
      readonly files: readonly string[];
    };
    expect(manifest.name).toBe(name);
    expect(manifest.files).toContain(path.split('/')[0]);
    expect(JSON.parse(await readFile(join(contractsFolder, path), 'utf8'))).toHaveProperty(
      'properties.stores',
    );
  });

  it('leaves a file that is there as it is', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'holdfast.yaml'), 'mine');
    const error: unknown = await initConfiguration({ folder }).catch((refusal: unknown) => refusal);
    expect(StorageError.isInstance(error, 'already-exists')).toBe(true);
    expect(await readFile(join(folder, 'holdfast.yaml'), 'utf8')).toBe('mine');
    expect(await readdir(folder)).toEqual(['holdfast.yaml']);
  });
});
