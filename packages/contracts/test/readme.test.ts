import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const packageFolder = join(import.meta.dirname, '..');

describe('the example in the README', () => {
  it('runs and prints what it says', () => {
    const readme = readFileSync(join(packageFolder, 'README.md'), 'utf8');
    const example = /```ts\n(.*?)```/s.exec(readme)?.[1] ?? '';
    const promised = [...example.matchAll(/^\/\/ (.*)$/gm)].map((match) => match[1]);
    expect(promised).toHaveLength(3);
    const folder = mkdtempSync(join(packageFolder, 'node_modules', '.readme-'));
    try {
      const script = join(folder, 'example.mjs');
      writeFileSync(script, example.replace('@holdfast/contracts', '../../src/index.ts'));
      const output = execFileSync(process.execPath, ['--conditions=@holdfast/source', script], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      expect(output.toString().trim().split('\n')).toEqual(promised);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
