import { win32 } from 'node:path';
import { whyNotObjectKey } from '@holdfast/domain';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assertLocalPaths } from './assert-local-paths.ts';

const folder = 'C:\\work\\.holdfast';

/** Pieces that paths of Windows are made of, and a few that they are not. */
const piece = fc.constantFrom(
  ...'.. . \\ : / ? * con NUL com1 lpt¹ C: a B ~1 % ü 🔩 $ -'.split(' '),
  ' ',
  '\\\\?\\',
);
const paths = fc
  .array(piece, { minLength: 1, maxLength: 6 })
  .map((pieces) => pieces.join(''))
  .filter((path) => whyNotObjectKey(path) === undefined);

function isAccepted(path: string): boolean {
  try {
    assertLocalPaths([path], 'win32');
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: 'unsupported' });
    return false;
  }
}

test('a key of names that Windows takes as they are stays in its folder, and has one path there', () => {
  fc.assert(
    fc.property(paths, (path) => {
      fc.pre(isAccepted(path));
      const joined = win32.join(folder, ...path.split('/'));
      expect(win32.relative(folder, joined).split('\\')).toEqual(path.split('/'));
      expect(win32.toNamespacedPath(joined)).toBe(`\\\\?\\${joined}`);
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  '..\\..\\Windows\\evil.dll',
  'a\\b',
  'C:',
  'model.bin:stream',
  'con',
  'Con.txt',
  'nul .tar.gz',
  'COM1',
  'lpt³.log',
  'CONIN$',
  'trailing.',
  'trailing ',
  '...',
  'what?',
  'a|b',
])('%j is refused on Windows', (name) => {
  expect(whyNotObjectKey(name)).toBeUndefined();
  expect(isAccepted(`folder/${name}`)).toBe(false);
  expect(() => assertLocalPaths([name], 'linux')).not.toThrow();
});

test.each(['model.onnx', '.hidden', 'a b', 'console', 'com10', 'nullable.bin', 'ü🔩', 'a~1', 'aux-1'])(
  '%j is a name',
  (name) => {
    expect(isAccepted(name)).toBe(true);
  },
);
