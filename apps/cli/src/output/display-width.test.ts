import { expect, test } from 'vitest';
import { cutToWidth, displayWidth } from './display-width.ts';

test.each([
  ['abc', 3],
  ['', 0],
  ['größe', 5],
  ['e\u0301', 1],
  ['模型', 4],
  ['한글', 4],
  ['👩‍🔬', 2],
  ['\u001b[1mab\u001b[22m', 2],
])('%j takes %i columns', (text, columns) => {
  expect(displayWidth(text)).toBe(columns);
});

test('cuts at whole characters and marks it', () => {
  expect(cutToWidth('abcdef', 4)).toBe('abc…');
  expect(cutToWidth('模型模型', 5)).toBe('模型…');
  expect(cutToWidth('模型模型', 4)).toBe('模…');
  expect(cutToWidth('👩‍🔬👩‍🔬', 3)).toBe('👩‍🔬…');
  expect(cutToWidth('ab', 2)).toBe('ab');
});
