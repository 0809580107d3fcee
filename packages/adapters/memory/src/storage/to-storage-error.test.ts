import { StorageError } from '@holdfast/ports';
import { expect, test } from 'vitest';
import { toStorageError } from './to-storage-error.ts';

const context = { operation: 'put', backend: 'memory', key: 'k' } as const;

test('an error of storage is passed on', () => {
  const own = new StorageError({ ...context, code: 'locked' });
  expect(toStorageError(own, context)).toBe(own);
});

test('memory that is used up is a quota', () => {
  const cause = new RangeError('Array buffer allocation failed');
  expect(toStorageError(cause, context)).toMatchObject({ ...context, code: 'quota-exceeded', cause });
});

test.each([new Error('x'), new RangeError('Invalid array length'), 'text', undefined])(
  '%o is unexpected',
  (cause) => {
    const error = toStorageError(cause, context);
    expect(error).toMatchObject({ ...context, code: 'unexpected' });
    expect(error.cause).toBe(cause);
  },
);
