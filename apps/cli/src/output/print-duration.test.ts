import { expect, test } from 'vitest';
import { printDuration } from './print-duration.ts';

test.each([
  [0.42, '0.4 ms'],
  [12, '12 ms'],
  [994, '994 ms'],
  [999, '1.0 s'],
  [3_240, '3.2 s'],
  [42_000, '42 s'],
  [59_600, '1 min 0 s'],
  [250_000, '4 min 10 s'],
  [7_260_000, '2 h 1 min'],
])('%d milliseconds are %s', (durationMs, printed) => {
  expect(printDuration(durationMs)).toBe(printed);
});
