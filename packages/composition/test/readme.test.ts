import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { configurationFields } from '@holdfast/contracts';
import { describe, expect, it } from 'vitest';
import { variableOf } from '../src/configuration/environment-settings.ts';
import { temporaryFolder } from './temporary-folder.ts';

const packageFolder = join(import.meta.dirname, '..');
const readme = readFileSync(join(packageFolder, 'README.md'), 'utf8');

describe('the README', () => {
  it('has an example that runs and prints what it says', async () => {
    const example = /```ts\n(.*?)```/s.exec(readme)?.[1] ?? '';
    const promised = [...example.matchAll(/^ *\/\/ (.*)$/gm)].map((match) => match[1]);
    expect(promised).toHaveLength(2);
    const folder = await mkdtemp(join(packageFolder, 'node_modules', '.readme-'));
    const kept = join(await temporaryFolder(), 'kept');
    await mkdir(kept);
    try {
      const script = join(folder, 'example.mjs');
      await writeFile(script, example.replace('@holdfast/composition', '../../src/index.ts'));
      const output = execFileSync(process.execPath, ['--conditions=@holdfast/source', script, kept], {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { PATH: process.env['PATH'] },
      });
      expect(output.toString().trim().split('\n')).toEqual(promised);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('lists the variable of every field', () => {
    for (const { path } of configurationFields().filter((field) => field.path !== 'version')) {
      const row = new RegExp(
        `\\| \`${path.replace('*', 'NAME')}\` +\\| \`${variableOf(path, 'NAME')}\` +\\|`,
      );
      expect(readme).toMatch(row);
    }
  });
});
