import { expect, it } from 'vitest';
import { FormatError } from './format-error.ts';

it('a format error keeps what it says when its place becomes known', () => {
  const reason = 'the filter szip (number 4) is not read';
  const error = new FormatError({
    format: 'hdf5',
    offset: 7,
    reason,
    hint: 'Write it again.',
    isUnsupported: true,
  });
  const placed = error.with({ path: 'data.h5' });
  expect(placed).toMatchObject({
    format: 'hdf5',
    offset: 7,
    reason,
    hint: 'Write it again.',
    isUnsupported: true,
  });
  expect(placed.message).toBe(`hdf5 in data.h5: ${reason}`);
  expect(placed.cause).toBe(error);
});
