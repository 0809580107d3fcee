import { type ObjectKey, parseObjectKey, whyNotObjectKey } from '@holdfast/domain';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KeySpelling } from './key-spelling.ts';

const context = { operation: 'put', backend: 'x-cloud' } as const;
const segment = fc.stringMatching(/^[a%?*\\é😀A-F0-9_]{1,8}$/u);
const key = fc.array(segment, { minLength: 1, maxLength: 3 }).map((parts) => parseObjectKey(parts.join('/')));
const escaping = new KeySpelling({ prefix: 'p/', unspeakable: /[\\?*]/u, maximumBytes: 1_024 });

describe('KeySpelling', () => {
  test('is one to one, and spells nothing unspeakable', () => {
    fc.assert(
      fc.property(key, key, (left, right) => {
        const [first, second] = [escaping.nameOf(left, context), escaping.nameOf(right, context)];
        expect(first).not.toMatch(/[\\?*]/u);
        expect(first === second).toBe(left === right);
        expect(escaping.keyOf(first)).toBe(left);
      }),
    );
  });

  test('ends no segment with a dot where names cannot, and keeps beginnings beginnings', () => {
    const dotted = new KeySpelling({ unspeakable: /\\/u, guardsFinalDots: true, maximumBytes: 1_024 });
    const some = fc.array(fc.stringMatching(/^[a.%\\]{1,5}$/u), { minLength: 1, maxLength: 3 });
    const anyKey = some.map((parts) => parts.join('/')).filter((text) => whyNotObjectKey(text) === undefined);
    fc.assert(
      fc.property(anyKey, anyKey, fc.nat(15), (left, right, cut) => {
        const [first, second] = [left, right].map((text) => dotted.nameOf(text as ObjectKey, context));
        expect(first).not.toMatch(/\.(?:\/|$)|\\/);
        expect(first === second).toBe(left === right);
        expect(dotted.keyOf(first ?? '')).toBe(left);
        const beginning = right.slice(0, cut);
        expect(first?.startsWith(dotted.beginningOf(beginning))).toBe(left.startsWith(beginning));
        expect(dotted.textOf(dotted.beginningOf(beginning))).toBe(beginning);
      }),
      { numRuns: 2_000 },
    );
    for (const name of ['a.', 'a./b', 'a.%b', 'a%', 'a%2E']) expect(dotted.keyOf(name), name).toBeUndefined();
  });

  test('takes other names for those of somebody else', () => {
    for (const name of ['q/a', 'p/', 'p/a//b', 'p/%zz', 'p/%41', 'p/../a']) {
      expect(escaping.keyOf(name), name).toBeUndefined();
    }
  });

  test('counts the prefix and the escapes', () => {
    const narrow = new KeySpelling({ prefix: 'pp/', unspeakable: /\?/u, maximumBytes: 8 });
    expect(narrow.nameOf(parseObjectKey('ab?'), context)).toBe('pp/ab%3F');
    expect(() => narrow.nameOf(parseObjectKey('abc?'), context)).toThrow(
      expect.objectContaining({ code: 'invalid-key', key: 'abc?' }),
    );
  });

  test('guards the beginnings of names, in the order of the keys', () => {
    const guarding = new KeySpelling({ guardedFirst: /[%-.]/u, maximumBytes: 1_024 });
    const text = fc.stringMatching(/^[ $%&'()*+,./0aA~é-]{1,6}$/u);
    fc.assert(
      fc.property(text, text, (left, right) => {
        const [first, second] = [guarding.beginningOf(left), guarding.beginningOf(right)];
        expect(first).not.toMatch(/^[&'()*+,.-]/);
        expect(guarding.textOf(first)).toBe(left);
        expect(Math.sign(Buffer.compare(Buffer.from(first), Buffer.from(second)))).toBe(
          Math.sign(Buffer.compare(Buffer.from(left), Buffer.from(right))),
        );
        expect(first.startsWith(second)).toBe(left.startsWith(right));
      }),
    );
    expect(guarding.textOf('.theirs')).toBeUndefined();
    expect(guarding.textOf('%theirs')).toBeUndefined();
    const inFolder = new KeySpelling({ prefix: 'p/', guardedFirst: /[%-.]/u, maximumBytes: 1_024 });
    expect(inFolder.nameOf(parseObjectKey('.hidden'), context)).toBe('p/.hidden');
  });
});
