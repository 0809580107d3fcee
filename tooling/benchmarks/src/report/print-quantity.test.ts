import { expect, it } from 'vitest';
import { printAmount, printBytes, printMilliseconds, printRate } from './print-quantity.ts';

it('prints three digits that count, in the unit that fits', () => {
  expect([0, 0.034, 12.345, 999, 12_345, 123_456].map(printMilliseconds)).toEqual([
    '0 ms',
    '0.034 ms',
    '12.3 ms',
    '999 ms',
    '12.3 s',
    '123 s',
  ]);
  expect([0, 1_023, 65_536, 1_073_741_824].map(printBytes)).toEqual([
    '0 bytes',
    '1,023 bytes',
    '64 KiB',
    '1 GiB',
  ]);
});

it('prints amounts and rates', () => {
  expect(printAmount({ count: 2_000, unit: 'objects', sizeBytes: 4_096 })).toBe('2,000 objects of 4 KiB');
  expect(printAmount({ count: 1, unit: 'objects' })).toBe('1 object');
  expect(printRate({ count: 2_000, unit: 'objects', sizeBytes: 4_096 }, 1_000)).toBe('2,000/s');
  expect(printRate({ count: 2, unit: 'objects', sizeBytes: 1_048_576 }, 1_000)).toBe('2 MiB/s');
});
