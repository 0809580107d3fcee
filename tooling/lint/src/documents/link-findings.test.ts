import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { linkFindings } from './link-findings.ts';

const root = mkdtempSync(join(tmpdir(), 'links-'));
mkdirSync(join(root, 'docs', 'inner'), { recursive: true });
writeFileSync(join(root, 'docs', 'README.md'), '# Index\n');
writeFileSync(
  join(root, 'docs', 'other.md'),
  '# Of `gc` and [links](a.md)\n\n## Twice\n\n## Twice\n\n```sh\n# no heading\n```\n',
);
writeFileSync(join(root, 'docs', 'a (1).md'), '');

afterAll(() => rmSync(root, { recursive: true }));

function problemsOf(markdown: string): readonly string[] {
  writeFileSync(join(root, 'docs', 'page.md'), markdown);
  return linkFindings(root, ['docs/page.md']).map(({ path, problem }) => `${path}: ${problem}`);
}

test.each([
  '[a](other.md)',
  '[a](./other.md#of-gc-and-links)',
  '[a](other.md#twice-1)',
  '[a](inner) ![b](../docs/other.md "title")',
  '[a](../docs#index)',
  '[a](<a (1).md>) [b](a%20(1).md)',
  '# Here\n\n[a](#here)',
  '[a][b]\n\n[b]: other.md',
  '<a href="other.md">a</a>',
  '[a](https://example.org/x#y) [b](mailto:a@example.org)',
  '`[a](missing.md)`\n\n```md\n[a](missing.md)\n```\n',
])('%j is fine', (markdown) => {
  expect(problemsOf(markdown)).toEqual([]);
});

test.each([
  ['\n\n[a](missing.md)', 'docs/page.md:3: missing.md does not exist'],
  ['[a](other.md#no-heading)', 'docs/page.md:1: other.md#no-heading names a heading that is not there'],
  ['[a](other.md#twice-2)', 'docs/page.md:1: other.md#twice-2 names a heading that is not there'],
  ['[a](#there)', 'docs/page.md:1: #there names a heading that is not there'],
  ['```sh\na\n```\n[a](x) [b](../../y)', 'docs/page.md:4: x does not exist'],
  ['[b](../../y)', 'docs/page.md:1: ../../y leads out of the repository'],
  [
    '[a](/docs/other.md)',
    'docs/page.md:1: /docs/other.md begins at a root: links are relative to their document',
  ],
  ['text\n[b]: missing.md', 'docs/page.md:2: missing.md does not exist'],
  ['<img src="missing.png">', 'docs/page.md:1: missing.png does not exist'],
])('%j is found', (markdown, problem) => {
  expect(problemsOf(markdown)).toContain(problem);
});
