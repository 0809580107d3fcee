import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { pathFindings } from './path-findings.ts';

const root = mkdtempSync(join(tmpdir(), 'paths-'));
mkdirSync(join(root, 'docs'));

afterAll(() => rmSync(root, { recursive: true }));

test('a path that is not there is found, a pattern and code in a block are not', () => {
  writeFileSync(
    join(root, 'docs', 'a.md'),
    'See `docs/a.md`, `docs/`, `A=docs/x`, `packages/<name>/src` and `src/x.ts`.\n\n```sh\n`docs/b.md`\n```\nBut `run docs/c.md`.\n',
  );
  expect(pathFindings(root, ['docs/a.md'])).toEqual([
    { path: 'docs/a.md:6', problem: 'docs/c.md does not exist' },
  ]);
});
