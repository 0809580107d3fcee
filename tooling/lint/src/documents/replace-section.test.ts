import { expect, test } from 'vitest';
import { printTable } from './print-table.ts';
import { replaceSection } from './replace-section.ts';

const section = { path: 'a.md', name: 'fields', content: 'new' };

test('only what stands between the markers is replaced', () => {
  const document = 'before\n<!-- generated: fields -->\nold\n<!-- end: fields -->\nafter\n';
  const replaced = 'before\n<!-- generated: fields -->\n\nnew\n\n<!-- end: fields -->\nafter\n';
  expect(replaceSection(document, section)).toBe(replaced);
  expect(replaceSection(replaced, section)).toBe(replaced);
});

test('a document without the place is refused', () => {
  expect(() => replaceSection('<!-- generated: fields -->', section)).toThrow('a.md has no place for fields');
});

test('a table lines up, and a bar in a cell is no border', () => {
  expect(
    printTable([
      ['', 'b'],
      ['a|c', 'long one'],
    ]),
  ).toBe(['|      | b        |', '| ---- | -------- |', String.raw`| a\|c | long one |`].join('\n'));
});
