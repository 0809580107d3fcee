import { expect, test } from 'vitest';
import { plainText } from './plain-text.ts';

test('spells out what would move the cursor, colour, ring or reorder', () => {
  expect(plainText('a\u001b[31mb\u0007\nc\td\u202ee\u0085')).toBe(
    'a\\u{1b}[31mb\\u{7}\\nc\\td\\u{202e}e\\u{85}',
  );
});

test('leaves every other text as it is', () => {
  expect(plainText('Größe 数 👩‍🔬 é')).toBe('Größe 数 👩‍🔬 é');
});
