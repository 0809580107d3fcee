import fc from 'fast-check';
import { expect, test } from 'vitest';
import { firstTextAfter, keyRange } from './key-range.ts';

const text = fc.string({ unit: 'binary', maxLength: 6 });

function compare(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function isInRange(key: string, prefix: string, startAfter: string | undefined): boolean {
  const range = keyRange(prefix, startAfter);
  const order = compare(key, range.from);
  const isAfterFrom = range.isFromIncluded ? order >= 0 : order > 0;
  return isAfterFrom && (range.before === undefined || compare(key, range.before) < 0);
}

test('the range of a prefix holds the keys that begin with it and come after the given one, and no others', () => {
  fc.assert(
    fc.property(text, text, fc.option(text, { nil: undefined }), (prefix, rest, startAfter) => {
      for (const key of [prefix + rest, rest, prefix]) {
        const belongs = key.startsWith(prefix) && (startAfter === undefined || compare(key, startAfter) > 0);
        expect(isInRange(key, prefix, startAfter)).toBe(belongs);
      }
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  ['a', 'b'],
  ['a/', 'a0'],
  ['\u{d7ff}', '\u{e000}'],
  ['a\u{10ffff}', 'b'],
  ['\u{10ffff}', undefined],
])('the first text after those that begin with %j is %j', (prefix, next) => {
  expect(firstTextAfter(prefix)).toBe(next);
});
