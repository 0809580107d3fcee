import { maximumKeyBytes } from '@holdfast/domain';
import { type OperationContext, StorageError } from '@holdfast/ports';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkKey, checkKeyPrefix } from './check-key.ts';

const context: OperationContext = { operation: 'put', backend: 'memory', key: 'another' };

describe('checkKey', () => {
  test('gives back the key', () => {
    expect(checkKey('models/a.onnx', context)).toBe('models/a.onnx');
  });

  test.each([
    ['', /is empty/],
    ['a//b', /empty segment/],
    ['../a', /"\." or "\.\." segment/],
    ['a\n', /control character/],
    ['\uD800', /not valid Unicode/],
    ['a'.repeat(maximumKeyBytes + 1), /longer than 512 bytes/],
  ])('refuses %j and says why', (key, reason) => {
    const error = catchError(() => checkKey(key, context));
    expect(error).toMatchObject({
      code: 'invalid-key',
      operation: 'put',
      backend: 'memory',
      key,
      retry: 'never',
    });
    expect(error.message).toMatch(reason);
    expect(error.hint).toMatch(/1 to 512 bytes/);
  });

  test('refuses what is not a text', () => {
    for (const key of [undefined, null, 3, {}]) {
      expect(catchError(() => checkKey(key as string, context)).message).toMatch(/is not a text/);
    }
  });

  test('never lets a key leave its store', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('.', '..', 'a', '', '/'), { maxLength: 6 }), (parts) => {
        const key = parts.join('/');
        const isAccepted = !StorageError.isInstance(catchAny(() => checkKey(key, context)));
        const segments = key.split('/');
        expect(isAccepted).toBe(segments.every((segment) => segment === 'a'));
      }),
    );
  });
});

describe('checkKeyPrefix', () => {
  test.each(['', 'a', 'a/', 'a//', '/', '../', '.', 'é', '😀'])('takes %j', (prefix) => {
    expect(checkKeyPrefix(prefix, context)).toBe(prefix);
  });

  test.each(['\u0000', 'a\uD800', 'a'.repeat(513)])('refuses %j', (prefix) => {
    expect(catchError(() => checkKeyPrefix(prefix, context))).toMatchObject({
      code: 'invalid-key',
      key: prefix,
    });
  });
});

function catchAny(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

function catchError(work: () => unknown): StorageError {
  const error = catchAny(work);
  if (!StorageError.isInstance(error)) throw new Error(`${String(error)} is no StorageError`);
  return error;
}
