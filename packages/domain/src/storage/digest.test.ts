import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { digestHex, digestOfHex, isDigest, parseDigest, shortDigest } from './digest.ts';

const hex = fc.stringMatching(/^[0-9a-f]{64}$/);
const sample = '0123456789abcdef'.repeat(4);

describe('digest', () => {
  test('is made from its digits and gives them back', () => {
    fc.assert(
      fc.property(hex, (digits) => {
        const digest = digestOfHex(digits);
        expect(digest).toBe(`sha256:${digits}`);
        expect(parseDigest(digest)).toBe(digest);
        expect(digestHex(digest)).toBe(digits);
        expect(shortDigest(digest)).toBe(digits.slice(0, 12));
      }),
    );
  });

  test.each([
    '',
    sample,
    `sha256:${sample.slice(1)}`,
    `sha256:${sample}0`,
    `sha256:${sample.toUpperCase()}`,
    `SHA256:${sample}`,
    `sha512:${sample}`,
    ` sha256:${sample}`,
    `sha256:${sample}\n`,
    `sha256:${sample.slice(1)}g`,
  ])('refuses %j, naming the field', (text) => {
    expect(isDigest(text)).toBe(false);
    expect(() => parseDigest(text)).toThrow(expect.objectContaining({ field: 'checksum', value: text }));
    expect(() => parseDigest(text, 'digest')).toThrow(expect.objectContaining({ field: 'digest' }));
  });
});
