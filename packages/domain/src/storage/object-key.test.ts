import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvalidValueError } from '../invalid-value-error.ts';
import {
  compareKeys,
  maximumKeyBytes,
  maximumKeySegments,
  parseObjectKey,
  utf8Length,
  whyNotKeyPrefix,
  whyNotObjectKey,
} from './object-key.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ unit: 'binary-ascii', maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom('a', '\uD7FF', '\uE000', '\uFFFF', '\u{10000}', '\u{10FFFF}'),
    maxLength: 4,
  }),
);
const brokenText = fc
  .array(
    fc.oneof(
      fc.constantFrom('\uD800', '\uDC00', '\uDBFF', '/', '.', '..', '', '\n', '\u007F', '\u009F', '\u00A0'),
      anyText,
    ),
    { maxLength: 5 },
  )
  .map((parts) => parts.join(''));

describe('parseObjectKey', () => {
  test('agrees with the rules written in another way', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, brokenText, longText()), (text) => {
        expect(whyNotObjectKey(text) === undefined, JSON.stringify(text)).toBe(isKeyByTheBook(text));
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    'a',
    'a/b',
    'a b',
    '...',
    '..a',
    'a..',
    '.hidden',
    'a\\..\\b',
    '%2e%2e',
    '😀/é',
    '\u00A0',
    '~',
    'C:/x',
  ])('takes %j', (text) => expect(parseObjectKey(text)).toBe(text));

  test.each([
    ['', /is empty/],
    ['/a', /empty segment/],
    ['a/', /empty segment/],
    ['a//b', /empty segment/],
    ['.', /"\." or "\.\."/],
    ['a/../b', /"\." or "\.\."/],
    ['a\u0000', /control character/],
    ['\u0085', /control character/],
    ['\uDC00', /not valid Unicode/],
    ['a'.repeat(513), /longer than 512 bytes/],
    ['é'.repeat(257), /longer than 512 bytes/],
    [Array.from({ length: 101 }, () => 'a').join('/'), /more than 100 segments/],
  ])('refuses %j and says why', (text, reason) => {
    const error = refusal(() => parseObjectKey(text, 'storagePath'));
    expect(error.field).toBe('storagePath');
    expect(error.value).toBe(text);
    expect(error.reason).toMatch(reason);
  });

  test('takes just the longest keys', () => {
    expect(whyNotObjectKey('a'.repeat(maximumKeyBytes))).toBeUndefined();
    expect(whyNotObjectKey('😀'.repeat(maximumKeyBytes / 4))).toBeUndefined();
    expect(whyNotObjectKey(Array.from({ length: maximumKeySegments }, () => 'a').join('/'))).toBeUndefined();
  });
});

describe('whyNotKeyPrefix', () => {
  test('takes every beginning of every key', () => {
    fc.assert(
      fc.property(anyText.filter(isKeyByTheBook), fc.nat(12), (key, length) => {
        const prefix = key.slice(0, length);
        if (prefix.isWellFormed()) expect(whyNotKeyPrefix(prefix)).toBeUndefined();
      }),
    );
  });
});

describe('compareKeys', () => {
  test('orders as the UTF-8 bytes do', () => {
    fc.assert(
      fc.property(anyText, anyText, (left, right) => {
        expect(Math.sign(compareKeys(left, right))).toBe(
          Buffer.compare(Buffer.from(left), Buffer.from(right)),
        );
      }),
      { numRuns: 2_000 },
    );
  });

  test('orders as the UTF-8 bytes do where UTF-16 would not', () => {
    const texts = [
      '\uFFFD',
      '\uE000',
      '😀',
      '\u{10FFFF}',
      '\uD7FF',
      'a😀',
      'a\uFFFF',
      'a',
      '',
      'a\u{10000}',
      'a\u{1F600}b',
    ];
    for (const left of texts) {
      for (const right of texts) {
        expect(Math.sign(compareKeys(left, right))).toBe(
          Buffer.compare(Buffer.from(left), Buffer.from(right)),
        );
      }
    }
  });
});

describe('utf8Length', () => {
  test('knows where one more byte begins', () => {
    const counts = ['\u007F', '\u0080', '\u07FF', '\u0800', '\uFFFF', '\u{10000}', '\uD800'].map(utf8Length);
    expect(counts).toEqual([1, 2, 2, 3, 3, 4, 3]);
  });

  test('counts as an encoder does', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, brokenText), (text) => {
        expect(utf8Length(text)).toBe(Buffer.byteLength(text));
      }),
    );
  });
});

/** The rules of keys, by other means than the code under test. */
function isKeyByTheBook(text: string): boolean {
  const bytes = new TextEncoder().encode(text);
  const isUnicode = new TextDecoder().decode(bytes) === text.replace(/^\uFEFF/, '') && !/\p{Cs}/u.test(text);
  const segments = text.split('/');
  const hasControl = [...text].some((character) => /^\p{Cc}$/u.test(character));
  return (
    isUnicode &&
    !hasControl &&
    bytes.byteLength <= 512 &&
    segments.length <= 100 &&
    segments.every((segment) => !/^(\.{0,2})$/.test(segment))
  );
}

function longText(): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom('a', 'é', '日', '😀', 'a/'), fc.integer({ min: 90, max: 520 }))
    .map(([unit, count]) => `${unit.repeat(count)}z`);
}

function refusal(work: () => unknown): InvalidValueError {
  try {
    work();
  } catch (error) {
    if (InvalidValueError.isInstance(error)) return error;
  }
  throw new Error('nothing was refused');
}
