import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';

const packageFolder = join(import.meta.dirname, '..');
const entry = join(packageFolder, 'src', 'index.ts');

describe('the example in the README', () => {
  it('runs and prints what it says', () => {
    const readme = readFileSync(join(packageFolder, 'README.md'), 'utf8');
    const example = /```ts\n(.*?)```/s.exec(readme)?.[1] ?? '';
    const promised = [...example.matchAll(/^\/\/ (.*)$/gm)].map((match) => match[1]);
    expect(promised).toHaveLength(2);
    const folder = mkdtempSync(join(tmpdir(), 'holdfast-readme-'));
    try {
      const script = join(folder, 'example.mts');
      writeFileSync(script, example.replace('@holdfast/formats', pathToFileURL(entry).href));
      const output = execFileSync(process.execPath, ['--conditions=@holdfast/source', script], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      expect(output.toString().trim().split('\n')).toEqual(promised);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
