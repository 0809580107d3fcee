import { expect, it } from 'vitest';
import { replaceFigures } from './replace-figures.ts';

const document =
  'before\n<!-- figures: one -->\nold\n<!-- end: one -->\nafter\n<!-- figures: two --><!-- end: two -->\n';

it('replaces the figures of one group and leaves the rest alone', () => {
  const replaced = replaceFigures(document, 'one', '| new |\n');
  expect(replaced).toBe(document.replace('\nold\n', '\n\n| new |\n\n'));
  expect(replaceFigures(replaced, 'one', '| new |')).toBe(replaced);
});

it('refuses a group that has no place', () => {
  expect(() => replaceFigures(document, 'three', '')).toThrow('no place for three');
});
