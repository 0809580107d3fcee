import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const main = join(import.meta.dirname, '../src/main.ts');
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-benchmarks-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.each(['put-4-kib-durably', 'put-256-kib', 'put-1-gib-memory', 'increment-by-8-processes'])(
  'works and leaves nothing behind: %s',
  (name) => {
    const parameters = [
      '--conditions=@holdfast/source',
      main,
      '--quick',
      '--repetitions',
      '1',
      '--folder',
      folder,
      name,
    ];
    const report = execFileSync(process.execPath, parameters, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    expect(report).toContain('Quick amounts');
    expect(report).toContain(`(\`${name}\`)`);
    expect(readdirSync(folder)).toEqual([]);
  },
  120_000,
);
