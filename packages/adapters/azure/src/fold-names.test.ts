import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldNames } from './fold-names.ts';

const listed = (names: readonly string[]) =>
  names.map((name) => ({ name, sizeBytes: 0, etag: '1', lastModifiedMs: 0 }));

test('folds at the first delimiter behind the prefix, and not inside of escapes', () => {
  const names = ['a%5C1', 'a%5Cb', 'aC', 'aC1', 'b%25C', 'b5', 'pC'];
  const folded = foldNames(listed(names), { prefix: '', delimiter: 'C', lastFold: undefined });
  expect(folded.prefixes).toEqual(['aC', 'b%25C', 'pC']);
  expect(folded.objects.map(({ name }) => name)).toEqual(['a%5C1', 'a%5Cb', 'b5']);
  const behind = foldNames(listed(['a%5C1', 'aC']), { prefix: 'a', delimiter: '%5C', lastFold: undefined });
  expect(behind.prefixes).toEqual(['a%5C']);
});

test('tells each fold once, wherever pages end', () => {
  const name = fc.stringMatching(/^[a-c-]{1,6}$/);
  fc.assert(
    fc.property(fc.uniqueArray(name), fc.nat(12), (some, cut) => {
      const names = some.toSorted();
      const at = { prefix: '', delimiter: '-', lastFold: undefined };
      const whole = foldNames(listed(names), at);
      const first = foldNames(listed(names.slice(0, cut)), at);
      const second = foldNames(listed(names.slice(cut)), { ...at, lastFold: first.lastFold });
      expect([...first.prefixes, ...second.prefixes]).toEqual(whole.prefixes);
      expect([...first.objects, ...second.objects]).toEqual(whole.objects);
      expect(new Set(whole.prefixes).size).toBe(whole.prefixes.length);
    }),
  );
});
