import { type ByteRange, StorageError } from '@holdfast/ports';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkRange, resolveRange } from './resolve-range.ts';

const context = { operation: 'get', backend: 'memory', key: 'k' } as const;
const sizes = fc.nat(100);
const range = fc.oneof(
  fc.record({ offset: fc.nat(120), length: fc.nat(120) }, { requiredKeys: ['offset'] }),
  fc.record({ suffix: fc.nat(120) }),
);

describe('resolveRange', () => {
  test('names the part that slice would give, or refuses', () => {
    fc.assert(
      fc.property(range, sizes, (asked: ByteRange, sizeBytes) => {
        const whole = Array.from({ length: sizeBytes }, (_, index) => index);
        const expected =
          'suffix' in asked
            ? whole.slice(Math.max(0, sizeBytes - asked.suffix))
            : whole.slice(asked.offset, asked.offset + (asked.length ?? sizeBytes));
        const isPastTheEnd = 'offset' in asked && asked.offset >= sizeBytes && asked.offset > 0;
        if (isPastTheEnd) {
          expect(() => resolveRange(asked, sizeBytes, context)).toThrow(StorageError);
          return;
        }
        const { offset, length } = resolveRange(asked, sizeBytes, context);
        expect(whole.slice(offset, offset + length)).toEqual(expected);
        expect(length).toBe(expected.length);
      }),
    );
  });

  test('is the whole object where no range is asked for', () => {
    expect(resolveRange(undefined, 7, context)).toEqual({ offset: 0, length: 7 });
  });

  test('reads nothing of an empty object, and refuses what is past its end', () => {
    expect(resolveRange({ offset: 0, length: 5 }, 0, context)).toEqual({ offset: 0, length: 0 });
    expect(resolveRange({ suffix: 5 }, 0, context)).toEqual({ offset: 0, length: 0 });
    expect(() => resolveRange({ offset: 1 }, 0, context)).toThrow(/byte 1 of an object of 0 bytes/);
  });

  test('survives the longest length there is', () => {
    expect(resolveRange({ offset: 1, length: Number.MAX_SAFE_INTEGER }, 10, context)).toEqual({
      offset: 1,
      length: 9,
    });
  });
});

describe('checkRange', () => {
  test.each([
    undefined,
    { offset: 0 },
    { offset: 5, length: 0 },
    { suffix: 0 },
    { offset: Number.MAX_SAFE_INTEGER },
  ])('takes %j', (asked) => expect(() => checkRange(asked, context)).not.toThrow());

  test.each([
    { offset: -1 },
    { offset: 0, length: -1 },
    { offset: 0.5 },
    { offset: Number.NaN },
    { offset: Number.MAX_SAFE_INTEGER + 1 },
    { suffix: -1 },
    { suffix: Number.POSITIVE_INFINITY },
    { offset: 0, length: Number.POSITIVE_INFINITY },
  ])('refuses %o', (asked) => {
    expect(() => checkRange(asked, context)).toThrow(
      expect.objectContaining({ code: 'invalid-argument', key: 'k' }),
    );
  });
});
