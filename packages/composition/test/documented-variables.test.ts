import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configurationFields } from '@holdfast/contracts';
import { describe, expect, it } from 'vitest';
import { variableOf } from '../src/configuration/environment-settings.ts';

const page = join(import.meta.dirname, '..', '..', '..', 'docs', 'configure.md');

describe('the page about configuring', () => {
  it('lists every field with its variable', () => {
    const rows = readFileSync(page, 'utf8').split('\n');
    for (const { path } of configurationFields().filter((field) => field.path !== 'version')) {
      const [field, variable] = [path.replace('*', 'NAME'), variableOf(path, 'NAME')];
      expect(rows.some((row) => row.includes(`| \`${field}\` `) && row.includes(`| \`${variable}\` `))).toBe(
        true,
      );
    }
  });
});
