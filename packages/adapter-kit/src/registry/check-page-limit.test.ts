import { describe, expect, test } from 'vitest';
import { checkPageLimit } from './check-page-limit.ts';

const context = { operation: 'models.findAll', backend: 'x-cards' } as const;

describe('checkPageLimit', () => {
  test.each([undefined, 1, 1_000, Number.MAX_SAFE_INTEGER])('takes %s', (limit) => {
    expect(() => checkPageLimit(limit, context)).not.toThrow();
  });

  test.each([0, -1, 0.5, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('refuses %s', (limit) => {
    expect(() => checkPageLimit(limit, context)).toThrow(
      expect.objectContaining({
        code: 'invalid-argument',
        ...context,
        message: expect.stringContaining(String(limit)),
      }),
    );
  });
});
