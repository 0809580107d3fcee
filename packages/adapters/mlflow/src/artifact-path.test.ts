import fc from 'fast-check';
import { expect, test } from 'vitest';
import { artifactPathOf, nameOfArtifact } from './artifact-path.ts';

test('spells every name in a way of its own, and reads it back', () => {
  const character = fc.constantFrom(...'aA9~%#?;:\\\\ ./é😀2F7E');
  const name = fc.array(character, { minLength: 1, maxLength: 30 }).map((characters) => characters.join(''));
  fc.assert(
    fc.property(name, (text) => {
      const path = artifactPathOf(text);
      expect(nameOfArtifact(path)).toBe(text);
      expect(path).not.toMatch(/[%#?;\\]/);
    }),
    { numRuns: 2_000 },
  );
});

test('leaves names that the server can spell as they are', () => {
  for (const name of ['a/b c.txt', 'a~b', 'x/~backup', 'model=1/é', '.hidden', 'b/c:d', 'a~2f'])
    expect(artifactPathOf(name)).toBe(name);
});

test.each([
  ['100%', '100~25'],
  ['c:/x', 'c~3A/x'],
  [' a', '~20a'],
  ['a~2F', 'a~7E2F'],
  ['x/.artifact.uploading.1', 'x/~2Eartifact.uploading.1'],
])('spells %s as %s', (name, path) => {
  expect(artifactPathOf(name)).toBe(path);
  expect(nameOfArtifact(path)).toBe(name);
});

test('takes spellings that are nobody’s for somebody else’s', () => {
  for (const path of ['a~41', '50%', 'a~2Fb', 'a#b', 'a~FF']) expect(nameOfArtifact(path)).toBeUndefined();
});

test('refuses a segment that is no name of a file', () => {
  expect(() => artifactPathOf(`a/${'b'.repeat(256)}`)).toThrow(/256 bytes/);
  expect(artifactPathOf('b'.repeat(255))).toHaveLength(255);
});
