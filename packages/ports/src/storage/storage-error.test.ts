import { describe, expect, test } from 'vitest';
import type * as storageError from './storage-error.ts';
import { StorageError, StorageErrorCode } from './storage-error.ts';

const details = { code: 'not-found', operation: 'get', backend: 'memory', key: 'a' } as const;

/** The same module once more, as when two copies of the package meet in one process. */
async function secondCopy(): Promise<typeof storageError> {
  const url = './storage-error.ts?copy=2';
  return (await import(/* @vite-ignore */ url)) as typeof storageError;
}

describe('StorageError', () => {
  test('tells what failed', () => {
    const cause = new Error('ENOENT');
    const error = new StorageError({
      ...details,
      attempts: 3,
      retry: 'exhausted',
      hint: 'look elsewhere',
      cause,
    });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      ...details,
      attempts: 3,
      retry: 'exhausted',
      hint: 'look elsewhere',
      cause,
    });
    expect(error.name).toBe('StorageError');
    expect(error.stack).toContain('StorageError');
  });

  test('has defaults, and a message made of the other fields', () => {
    const error = new StorageError(details);
    expect(error).toMatchObject({ attempts: 1, retry: 'never', hint: undefined });
    expect('cause' in error).toBe(false);
    expect(error.message).toBe('get "a" on memory: not found');
    expect(
      new StorageError({ code: 'precondition-failed', operation: 'list', backend: 'x-tape' }).message,
    ).toBe('list on x-tape: precondition failed');
    expect(new StorageError({ ...details, key: 'line\nbreak' }).message).toBe(
      'get "line\\nbreak" on memory: not found',
    );
    expect(new StorageError({ ...details, message: 'Gone.' }).message).toBe('Gone.');
    const placeless = new StorageError({ code: 'cancelled', operation: 'inspect' });
    expect([placeless.message, placeless.backend]).toEqual(['inspect: cancelled', undefined]);
  });

  test('is known by its marker, and by its code', () => {
    const error: unknown = new StorageError(details);
    expect(StorageError.isInstance(error)).toBe(true);
    expect(StorageError.isInstance(error, 'not-found')).toBe(true);
    expect(StorageError.isInstance(error, 'already-exists')).toBe(false);
  });

  test.each([
    undefined,
    null,
    'not-found',
    3,
    {},
    new Error('not-found'),
    { code: 'not-found', name: 'StorageError' },
  ])('does not take %o for one', (value) => {
    expect(StorageError.isInstance(value)).toBe(false);
    expect(StorageError.isInstance(value, 'not-found')).toBe(false);
  });

  test('is known to another copy of the package', async () => {
    const copy = await secondCopy();
    expect(copy.StorageError).not.toBe(StorageError);
    const foreign: unknown = new copy.StorageError(details);
    expect(foreign).not.toBeInstanceOf(StorageError);
    expect(StorageError.isInstance(foreign, 'not-found')).toBe(true);
    expect(copy.StorageError.isInstance(new StorageError(details), 'not-found')).toBe(true);
    expect(copy.StorageError.isInstance(new Error('not-found'))).toBe(false);
  });

  test('hides its marker from listings of fields', () => {
    const error = new StorageError(details);
    expect(Object.getOwnPropertySymbols(error)).toEqual([]);
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      ...details,
      name: 'StorageError',
      attempts: 1,
      retry: 'never',
    });
  });

  test('is subclassed without losing its mark', () => {
    class Narrower extends StorageError {}
    expect(StorageError.isInstance(new Narrower(details))).toBe(true);
  });

  test('has codes that are stored and matched on, in one spelling', () => {
    const codes = Object.values(StorageErrorCode);
    expect(new Set(codes).size).toBe(codes.length);
    for (const [name, code] of Object.entries(StorageErrorCode)) {
      const words = code.split('-').map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`);
      expect(name).toBe(words.join(''));
    }
    expect(codes).toMatchInlineSnapshot(`
      [
        "not-found",
        "already-exists",
        "precondition-failed",
        "not-modified",
        "locked",
        "invalid-key",
        "invalid-argument",
        "range-not-satisfiable",
        "permission-denied",
        "unauthenticated",
        "rate-limited",
        "unsupported",
        "checksum-mismatch",
        "size-mismatch",
        "quota-exceeded",
        "cancelled",
        "timeout",
        "unavailable",
        "indeterminate",
        "invalid-configuration",
        "corrupt",
        "unexpected",
      ]
    `);
  });
});
