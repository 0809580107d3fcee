import { expect, test } from 'vitest';
import { printSize } from './print-size.ts';

test.each([
  [0, '0 B'],
  [1, '1 B'],
  [999, '999 B'],
  [1000, '0.98 KiB'],
  [1024, '1 KiB'],
  [1536, '1.5 KiB'],
  [10_189, '9.95 KiB'],
  [102_348, '99.9 KiB'],
  [102_400, '100 KiB'],
  [1_048_575, '1 MiB'],
  [1_048_576, '1 MiB'],
  [157_286_400, '150 MiB'],
  [5_368_709_120, '5 GiB'],
  [Number.MAX_SAFE_INTEGER, '8 PiB'],
])('%i bytes are %s', (sizeBytes, printed) => {
  expect(printSize(sizeBytes)).toBe(printed);
});
