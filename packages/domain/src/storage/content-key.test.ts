import { expect, test } from 'vitest';
import { contentKey, contentPrefix, digestOfContentKey } from './content-key.ts';
import { digestOfHex } from './digest.ts';

test('a digest has one key, and only that key has the digest', () => {
  const hex = `c0ffee${'0'.repeat(58)}`;
  const key = contentKey(digestOfHex(hex));
  expect(key).toBe(`objects/sha256/c0/${hex}`);
  expect(key.startsWith(contentPrefix)).toBe(true);
  expect(digestOfContentKey(key)).toBe(`sha256:${hex}`);
  for (const other of [`objects/sha256/c1/${hex}`, `x/${key}`, hex, `${key}0`, key.toUpperCase(), ''])
    expect(digestOfContentKey(other)).toBeUndefined();
});
