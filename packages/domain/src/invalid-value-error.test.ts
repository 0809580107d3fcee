import { expect, test } from 'vitest';
import type * as invalidValueError from './invalid-value-error.ts';
import { InvalidValueError } from './invalid-value-error.ts';

const details = { field: 'sizeBytes', value: -1, reason: 'is not a size in bytes', hint: 'Count them.' };

test('it says what was wrong with which field', () => {
  const error = new InvalidValueError(details);
  expect(error).toMatchObject(details);
  expect(error.message).toBe('sizeBytes -1 is not a size in bytes');
  expect(new InvalidValueError({ ...details, value: 'a\nb' }).message).toBe(
    'sizeBytes "a\\nb" is not a size in bytes',
  );
  expect(new InvalidValueError({ field: 'a', value: 'x', reason: 'is x' }).hint).toBeUndefined();
});

test('it cuts long values short', () => {
  expect(new InvalidValueError({ ...details, value: 'x'.repeat(10_000) }).message.length).toBeLessThan(150);
});

test('it takes any value', () => {
  const message = (value: unknown): string => new InvalidValueError({ ...details, value }).message;
  expect(message(Object.create(null))).toBe('sizeBytes object is not a size in bytes');
  expect(message(Symbol('s'))).toBe('sizeBytes Symbol(s) is not a size in bytes');
});

test('it is known to another copy of the package, and nothing else is', async () => {
  const url = './invalid-value-error.ts?copy=2';
  const copy = (await import(/* @vite-ignore */ url)) as typeof invalidValueError;
  expect(copy.InvalidValueError).not.toBe(InvalidValueError);
  expect(InvalidValueError.isInstance(new copy.InvalidValueError(details))).toBe(true);
  for (const value of [undefined, null, 'x', {}, new Error('x'), { ...details, name: 'InvalidValueError' }]) {
    expect(InvalidValueError.isInstance(value)).toBe(false);
  }
});
