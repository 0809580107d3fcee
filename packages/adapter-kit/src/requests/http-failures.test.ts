import { expect, test } from 'vitest';
import { retryAfterMs } from './http-failures.ts';

test.each([
  [undefined, undefined],
  ['3', 3_000],
  ['0', undefined],
  ['-1', undefined],
  ['soon', undefined],
  ['Thu, 01 Jan 1970 00:00:00 GMT', undefined],
])('a Retry-After of %j is %j milliseconds', (header, milliseconds) => {
  expect(retryAfterMs(header)).toBe(milliseconds);
});

test('a date is how long it is until then', () => {
  const inAnHour = new Date(Date.now() + 3_600_000).toUTCString();
  expect(retryAfterMs(inAnHour)).toBeGreaterThan(3_500_000);
});
