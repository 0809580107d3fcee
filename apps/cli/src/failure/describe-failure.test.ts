import { InvalidValueError, parseModelName } from '@holdfast/domain';
import { expect, test } from 'vitest';
import { CommandError } from './command-error.ts';
import { describeFailure } from './describe-failure.ts';
import { LateFailure } from './late-failure.ts';

const options = { outcome: 'Nothing was saved.', interruptedWith: undefined };

test.each([
  ['ENOENT', 3],
  ['ENOTDIR', 3],
  ['EACCES', 7],
  ['EPERM', 7],
  ['EROFS', 7],
  ['EISDIR', 2],
  ['ESPIPE', 2],
  ['ENXIO', 2],
  ['EEXIST', 4],
  ['ESTALE', 4],
  ['ENOSPC', 8],
  ['EDQUOT', 8],
  ['EIO', 5],
])('%s of the system ends with %i', (code, exitCode) => {
  const failure = describeFailure(Object.assign(new Error('x'), { code, path: '/a/b' }), options);
  expect(failure.exitCode).toBe(exitCode);
  expect(failure.message).toContain('/a/b');
});

test('a missing file whose name was not UTF-8 is called that', () => {
  const error = Object.assign(new Error('x'), { code: 'ENOENT', path: '/a/\u{fffd}-l' });
  const message = '/a/\u{fffd}-l has a name that is not valid UTF-8.';
  expect(describeFailure(error, options)).toMatchObject({ exitCode: 2, message });
});

test('a value that cannot be is wrong use, and names the field', () => {
  const failure = describeFailure(
    errorOf(() => parseModelName('a b')),
    options,
  );
  expect(failure).toMatchObject({
    code: 'invalid-value',
    exitCode: 2,
    details: { field: 'name', value: 'a b' },
  });
});

test('anything unknown is our own fault, and says what to report', () => {
  const failure = describeFailure(new TypeError('x is undefined'), options);
  expect(failure).toMatchObject({ code: 'internal', exitCode: 70 });
  expect(failure.hint).toContain('--verbose');
  expect(describeFailure('a text', options).exitCode).toBe(70);
  expect(describeFailure(Object.assign(new Error('x'), { code: 'constructor' }), options).exitCode).toBe(70);
});

test('an interruption ends as the signal says, whatever stream it cut', () => {
  const interrupted = { ...options, interruptedWith: 143 };
  const aborted = new DOMException('aborted', 'AbortError');
  expect(describeFailure(aborted, interrupted).exitCode).toBe(143);
  const cut = Object.assign(new Error('x'), { code: 'ERR_STREAM_PREMATURE_CLOSE' });
  expect(describeFailure(cut, interrupted).exitCode).toBe(143);
  expect(describeFailure(new TypeError('a bug'), interrupted).exitCode).toBe(70);
});

test('what was done before is said in the place of the general sentence', () => {
  const cause = new CommandError({ code: 'precondition-failed', message: 'Moved meanwhile.' });
  const failure = describeFailure(new LateFailure('m:1 was saved.', cause, { saved: 'm:1' }), options);
  expect(failure).toMatchObject({
    exitCode: 4,
    outcome: 'm:1 was saved.',
    message: 'Moved meanwhile.',
    details: { saved: 'm:1' },
  });
});

function errorOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    expect(InvalidValueError.isInstance(error)).toBe(true);
    return error;
  }
  throw new Error('nothing was thrown');
}

test('a failure to close does not hide what failed before', () => {
  const first = Object.assign(new Error('x'), { code: 'ENOSPC', path: '/a' });
  expect(describeFailure(new SuppressedError(new Error('closing'), first), options).exitCode).toBe(8);
});
