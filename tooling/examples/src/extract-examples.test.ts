import { expect, test } from 'vitest';
import { extractExamples } from './extract-examples.ts';

function page(...lines: readonly string[]): string {
  return lines.join('\n');
}

test('a program and commands have their code, their output and the lines of both', () => {
  const markdown = page(
    '# A',
    '```ts',
    'a();',
    '```',
    '',
    '```text',
    '1',
    '```',
    '```sh',
    'b',
    '```',
    '```text',
    '```',
  );
  expect(extractExamples(markdown, 'a.md')).toEqual({
    path: 'a.md',
    given: [],
    blocks: [
      { kind: 'program', line: 3, code: 'a();\n', output: { line: 7, text: '1\n' } },
      { kind: 'commands', line: 10, code: 'b\n', output: { line: 13, text: '' } },
    ],
  });
});

test('a block with a file name is a file, also when its language could be run', () => {
  const markdown = page('```yaml holdfast.yaml', 'version: 1', '```', '```ts a.test.ts', 'a();', '```');
  expect(extractExamples(markdown, 'a.md').blocks).toEqual([
    { kind: 'file', name: 'holdfast.yaml', line: 2, code: 'version: 1\n' },
    { kind: 'file', name: 'a.test.ts', line: 5, code: 'a();\n' },
  ]);
});

test('a block is not run where a reason stands above it, and only that one', () => {
  const markdown = page('<!-- not run: it installs -->', '', '```sh', 'a', '```', '```sh', 'b', '```');
  expect(() => extractExamples(markdown, 'a.md')).toThrow('a.md:6: no `text` block right below');
  expect(extractExamples(markdown.slice(0, -12), 'a.md').blocks).toEqual([
    { kind: 'unrun', line: 3, reason: 'it installs' },
  ]);
});

test('marks that a sentence speaks of mark nothing', () => {
  const spoken =
    'A `<!-- not run: REASON -->` or `<!-- given: model.onnx -->`.\n\n<!-- not run: it installs -->\n```sh\na\n```';
  expect(extractExamples(spoken, 'a.md')).toMatchObject({ given: [], blocks: [{ reason: 'it installs' }] });
});

test('a block in a list loses the indent of its fence', () => {
  const markdown = page('- a', '', '  ```ts x.ts', '  if (a)', '    b();', '  ```');
  expect(extractExamples(markdown, 'a.md').blocks).toMatchObject([{ code: 'if (a)\n  b();\n' }]);
});

test('pictures are no examples, and given files are told', () => {
  const markdown = page('<!-- given: model.onnx, b -->', '```mermaid', 'graph TD', '```');
  expect(extractExamples(markdown, 'a.md')).toEqual({ path: 'a.md', given: ['model.onnx', 'b'], blocks: [] });
});

test('a page asks for a bucket by its name', () => {
  expect(extractExamples('A `<!-- bucket: a -->`.\n\n<!-- bucket: models -->\n', 'a.md').bucket).toBe(
    'models',
  );
});

test.each([
  ['```\na\n```', 'a.md:1: a block without a language is not run'],
  ['\n```json\n{}\n```', 'a.md:2: a block of `json` is not run'],
  ['```text\na\n```', 'a.md:1: a block of `text` is not run'],
  ['```ts\na();\n```\n\nprints\n\n```text\n1\n```', 'a.md:1: no `text` block right below'],
  ['```ts\na();\n', 'a.md:1: the block is not closed'],
  ['<!-- not run: -->\n\n```sh\na\n```', 'a.md:3: no `text` block right below'],
])('%j is refused', (markdown, message) => {
  expect(() => extractExamples(markdown, 'a.md')).toThrow(message);
});
