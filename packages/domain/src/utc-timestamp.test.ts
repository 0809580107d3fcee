import fc from 'fast-check';
import { expect, test } from 'vitest';
import { epochMsOf, utcTimestamp } from './utc-timestamp.ts';

test('a timestamp gives back its moment', () => {
  fc.assert(
    fc.property(fc.date({ noInvalidDate: true }), (date) => {
      expect(epochMsOf(utcTimestamp(date.getTime()))).toBe(date.getTime());
    }),
  );
  expect(utcTimestamp(0)).toBe('1970-01-01T00:00:00.000Z');
});

test.each(['', 'yesterday', '2026-13-01T00:00:00Z'])('%j is no timestamp', (text) => {
  expect(() => epochMsOf(text)).toThrow(expect.objectContaining({ field: 'timestamp', value: text }));
});
