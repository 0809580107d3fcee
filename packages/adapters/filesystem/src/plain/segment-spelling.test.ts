import { whyNotObjectKey } from '@holdfast/domain';
import { type NameRules, isSpellable } from '@holdfast/files';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SegmentSpelling } from './segment-spelling.ts';
import { ownerOfTemporary, temporaryFileName } from './temporary-file-name.ts';

const systems: Readonly<Record<string, NameRules>> = {
  'a Linux disk': { isFolding: false, isWindows: false },
  'a Mac': { isFolding: true, isWindows: false },
  Windows: { isFolding: true, isWindows: true },
  'Windows with case': { isFolding: false, isWindows: true },
};

/** Any segment of a key, with a liking for what is hard to spell. */
function anySegment(): fc.Arbitrary<string> {
  const tricky = fc.constantFrom(
    ...'% = + %= %+ %3d %61 %E9 . .. ~ : \\ CON nul aux.txt COM¹ A a É é e\u0301 ß SS ſ K \u212A ﬁ i İ 模 が か\u3099 😀 \u200B'.split(
      ' ',
    ),
    ' ',
    temporaryFileName(),
    '%+'.padEnd(255, 'a'),
    '%+'.padEnd(254, '%61'),
    'a'.repeat(253),
  );
  return fc
    .array(fc.oneof(tricky, fc.string({ unit: 'binary', minLength: 1, maxLength: 3 })), {
      minLength: 1,
      maxLength: 6,
    })
    .map((parts) => parts.join(''))
    .filter((text) => !text.includes('/') && whyNotObjectKey(text) === undefined);
}

/** What no file system tells apart that folds names, and more. */
function folded(name: string): string {
  return name
    .normalize('NFKD')
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/\p{DI}/gu, '');
}

describe.each(Object.entries(systems))('segments as names on %s', (_system, rules) => {
  const spelling = new SegmentSpelling(rules);
  const runs = { numRuns: 1_000 };

  test('are read back, whatever they are', () => {
    fc.assert(
      fc.property(anySegment(), (segment) => {
        const names = spelling.spell(segment);
        expect(spelling.read(names.at(-1) ?? '', names.slice(0, -1))).toBe(segment);
        expect(names.slice(0, -1).every((name) => spelling.isPart(name))).toBe(true);
        expect(spelling.isPart(names.at(-1) ?? '')).toBe(false);
      }),
      runs,
    );
  });

  test('are told apart by the file system, and are names that it can have', () => {
    fc.assert(
      fc.property(anySegment(), anySegment(), (left, right) => {
        const [one, other] = [spelling.spell(left), spelling.spell(right)];
        for (const name of one) {
          expect(isSpellable(name, rules), name).toBe(true);
          expect(ownerOfTemporary(name)).toBeUndefined();
        }
        const fold = rules.isFolding ? folded : (name: string): string => name;
        if (left !== right) expect(one.map(fold)).not.toEqual(other.map(fold));
        // A file beside a folder of the same name would not fit either.
        if (left !== right && one.length !== other.length)
          expect(one.slice(0, other.length).map(fold)).not.toEqual(other.slice(0, one.length).map(fold));
      }),
      runs,
    );
  });

  test('are spelled as they are read, so that what is listed is found', () => {
    fc.assert(
      fc.property(anySegment(), (name) => {
        const segment = spelling.read(name);
        if (segment === undefined || !isSpellable(name, rules)) return;
        expect(spelling.spell(segment)).toEqual([name]);
      }),
      runs,
    );
  });
});

describe('on a Linux disk', () => {
  const spelling = new SegmentSpelling({ isFolding: false, isWindows: false });

  test.each([
    'data a b.npy',
    'CON',
    'Model',
    'é',
    'e\u0301',
    '.hidden',
    '-rf',
    'a\\b',
    '%',
    '%=',
    '%=abc',
    '%+abc',
    '%41',
    'a'.repeat(255),
  ])('%s keeps its name', (name) => {
    expect(spelling.spell(name)).toEqual([name]);
    expect(spelling.read(name)).toBe(name);
  });

  test('a name of 256 bytes becomes a folder and a file', () => {
    expect(spelling.spell('a'.repeat(256))).toEqual([`%+${'a'.repeat(253)}`, '%=aaa']);
    expect(spelling.spell('é'.repeat(128))[0]).toMatch(/^%\+%c3%a9/);
  });

  test('the escape of an escape is escaped', () => {
    const [part = '', last = ''] = spelling.spell('a'.repeat(256));
    expect(spelling.spell(part)).toEqual([`%+%25%2b${'a'.repeat(247)}`, `%=${'a'.repeat(6)}`]);
    expect(spelling.spell(last)).toEqual([last]);
  });
});

describe('on Windows', () => {
  const spelling = new SegmentSpelling({ isFolding: true, isWindows: true });

  test.each([
    ['CON', '%=%43%4f%4e'],
    ['aux.txt', '%=aux%2etxt'],
    ['dot.', '%=dot%2e'],
    ['a:b', '%=a%3ab'],
    ['a\\b', '%=a%5cb'],
    ['Model', '%=%4dodel'],
    ['model.npy', 'model.npy'],
    ['模型', '模型'],
    ['é', '%=%c3%a9'],
  ])('%s is %s', (segment, name) => expect(spelling.spell(segment)).toEqual([name]));
});
