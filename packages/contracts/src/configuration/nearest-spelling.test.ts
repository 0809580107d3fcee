import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearestSpelling } from './nearest-spelling.ts';

const names = ['root', 'backend', 'createIfMissing', 'inlineLimitBytes'];

describe('nearestSpelling', () => {
  it.each([
    ['rot', 'root'],
    ['rooot', 'root'],
    ['orot', 'root'],
    ['bakcend', 'backend'],
    ['create_if_missing', 'createIfMissing'],
    ['CREATEIFMISSING', 'createIfMissing'],
    ['inlineLimit', 'inlineLimitBytes'],
  ])('takes %s for %s', (word, expected) => expect(nearestSpelling(word, names)).toBe(expected));

  it.each(['bucket', 'x', '', 'password'])('takes %j for nothing', (word) => {
    expect(nearestSpelling(word, names)).toBeUndefined();
  });

  it('finds every name after one letter was lost, doubled or replaced', () => {
    const slip = fc.record({
      name: fc.constantFrom(...names),
      at: fc.nat(),
      kind: fc.constantFrom('lose', 'double', 'replace'),
    });
    fc.assert(
      fc.property(slip, ({ name, at, kind }) => {
        const index = at % name.length;
        const letter = name.charAt(index);
        const put = { lose: '', double: letter + letter, replace: '~' }[kind];
        expect(nearestSpelling(name.slice(0, index) + put + name.slice(index + 1), names)).toBe(name);
      }),
    );
  });
});
