import { expect, test } from 'vitest';
import { exitCodeMeanings } from './exit-code.ts';
import { exitCodeOf } from './failure-code.ts';

test.each([
  ['wrong-use', 2],
  ['invalid-value', 2],
  ['invalid-format', 2],
  ['invalid-configuration', 2],
  ['not-found', 3],
  ['already-exists', 4],
  ['precondition-failed', 4],
  ['locked', 4],
  ['unavailable', 5],
  ['timeout', 5],
  ['rate-limited', 5],
  ['indeterminate', 5],
  ['corrupt', 6],
  ['checksum-mismatch', 6],
  ['size-mismatch', 6],
  ['permission-denied', 7],
  ['unauthenticated', 7],
  ['quota-exceeded', 8],
  ['unsupported', 9],
  ['unexpected', 70],
  ['internal', 70],
  ['cancelled', 130],
] as const)('%s ends with %i', (code, exitCode) => {
  expect(exitCodeOf(code)).toBe(exitCode);
});

test('each exit code is explained once', () => {
  const codes = exitCodeMeanings.map(([code]) => code);
  expect(new Set(codes).size).toBe(codes.length);
});
