import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { documentFindings } from './document-findings.ts';
import { stringFindings } from './string-findings.ts';

const root = mkdtempSync(join(tmpdir(), 'voice-'));

afterAll(() => rmSync(root, { recursive: true }));

function linesOf(name: string, content: string): readonly string[] {
  writeFileSync(join(root, name), content);
  const findings = name.endsWith('.md') ? documentFindings(root, [name]) : stringFindings(root, [name]);
  return findings.map(({ path, problem }) => `${path} ${/^"[^"]*"/.exec(problem)?.[0]}`);
}

test('of a document, prose and output are read, and code is not', () => {
  const prose = 'made anew\n`made anew` [why](made-anew.md)\n';
  const blocks = '```sh\n# made anew\n```\n\n```text\n`a` is told\n```\n';
  expect(linesOf('page.md', prose + blocks)).toEqual(['page.md:1 "anew"', 'page.md:8 "told"']);
});

test('of a source, sentences are read: texts and templates, but neither comments, names, single words nor SQL', () => {
  const source = [
    '/** It is told. */',
    "import { told } from 'told'; // anew",
    "const word = 'anew';",
    "const text: string = 'made anew';",
    'const template = `${word} was made\n anew by ${told(`it lies in ${text}`)}`;',
    'const pattern = /made anew/;',
    'const statement = "update locations set key = seen.key";',
    "export const all = { 'made anew': [word, text, template, pattern, statement] };",
  ];
  expect(linesOf('source.ts', source.join('\n'))).toEqual([
    'source.ts:4 "anew"',
    'source.ts:6 "anew"',
    'source.ts:6 "lies"',
    'source.ts:9 "anew"',
  ]);
});
