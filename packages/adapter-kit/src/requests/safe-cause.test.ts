import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { safeCause } from './safe-cause.ts';

test('keeps name, message and code, and drops the request that hangs on an error', () => {
  const nested = Object.assign(new Error('Bearer planted'), { code: 'EINNER' });
  const error = Object.assign(new Error('failed with sig=planted', { cause: nested }), {
    name: 'ServiceError',
    code: 'E1',
    $response: { headers: { authorization: 'planted' } },
  });
  const safe = safeCause(error);
  expect(safe).toMatchObject({ name: 'ServiceError', code: 'E1', message: 'failed with sig=***' });
  expect(safe).toMatchObject({ cause: { code: 'EINNER' } });
  expect(inspect(safe, { depth: 20, showHidden: true })).not.toContain('planted');
});

test('ends where causes go in a circle', () => {
  const error = new Error('round');
  error.cause = error;
  expect(safeCause(error)).toBeInstanceOf(Error);
});

test('gives nothing for what is no error', () => {
  expect(safeCause({ token: 'planted' })).toBeUndefined();
  expect(safeCause('token=planted')).toBe('token=***');
});

test('shows no page that a client took for the message', () => {
  const safe = safeCause(new Error('<html>you sent planted</html>'));
  expect(safe).toMatchObject({ message: 'an answer of 29 characters' });
  expect(inspect(safe, { showHidden: true })).not.toContain('planted');
});
