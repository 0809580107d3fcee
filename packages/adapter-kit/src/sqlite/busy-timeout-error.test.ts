import { expect, test } from 'vitest';
import { BusyTimeoutError } from './busy-timeout-error.ts';

test('a BusyTimeoutError tells how often and how long it was tried, and what SQLite said', () => {
  const cause = new Error('database is locked');
  const error = new BusyTimeoutError({ attempts: 7, busyTimeoutMs: 300, cause });
  expect(error).toMatchObject({ name: 'BusyTimeoutError', attempts: 7, busyTimeoutMs: 300 });
  expect(error.message).toBe('the database was still locked at attempt 7');
  expect(error.cause).toBe(cause);
});
