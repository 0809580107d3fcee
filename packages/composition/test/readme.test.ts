import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configurationFields } from '@holdfast/contracts';
import { describe, expect, it } from 'vitest';
import { variableOf } from '../src/configuration/environment-settings.ts';

const packageFolder = join(import.meta.dirname, '..');
const readme = readFileSync(join(packageFolder, 'README.md'), 'utf8');

describe('the README', () => {
  it('lists the variable of every field', () => {
    for (const { path } of configurationFields().filter((field) => field.path !== 'version')) {
      const row = new RegExp(
        `\\| \`${path.replace('*', 'NAME')}\` +\\| \`${variableOf(path, 'NAME')}\` +\\|`,
      );
      expect(readme).toMatch(row);
    }
  });
});
