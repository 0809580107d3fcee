import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePageCursor, printPageCursor } from './page-cursor.ts';

const context = { operation: 'models.findAll', backend: 'x-cards' } as const;
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a page cursor', () => {
  test('gives back its values in the order that it was made for, and in no other', () => {
    const values = fc.array(fc.oneof(fc.string(), fc.integer()));
    fc.assert(
      fc.property(fc.string(), fc.string(), values, (order, other, given) => {
        const cursor = printPageCursor(order, given);
        expect(cursor).toMatch(/^[\w-]+$/);
        expect(parsePageCursor(cursor, order, context)).toEqual(given);
        if (other !== order) expect(() => parsePageCursor(cursor, other, context)).toThrow(/"after" is not/);
      }),
    );
  });

  test.each([
    ['nothing', ''],
    ['no cursor', 'no cursor'],
    ['no JSON', Buffer.from('["name"').toString('base64url')],
    ['no list', encode({ 0: 'name' })],
    ['a value that orders nothing', encode(['name', null])],
    ['a value with parts', encode(['name', ['a']])],
  ])('is refused when it is %s', (_, text) => {
    expect(() => parsePageCursor(text, 'name', context)).toThrow(
      expect.objectContaining({ code: 'invalid-argument', ...context, hint: expect.any(String) }),
    );
  });
});
