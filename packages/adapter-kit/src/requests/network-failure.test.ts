import { expect, test } from 'vitest';
import { networkFailure } from './network-failure.ts';

test.each([
  ['ECONNREFUSED', { code: 'unavailable', isTemporary: true, mayHaveHappened: false }],
  ['ECONNRESET', { code: 'unavailable', isTemporary: true, mayHaveHappened: true }],
  ['ETIMEDOUT', { code: 'timeout', isTemporary: true, mayHaveHappened: true }],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', { code: 'invalid-configuration', isTemporary: false }],
  ['ENOENT', undefined],
])('tells %s, however deep it lies', (code, expected) => {
  const error = Object.assign(new Error('x'), { code });
  const wrapped = new Error('outer', { cause: new AggregateError([error]) });
  for (const one of [error, wrapped]) {
    if (expected === undefined) expect(networkFailure(one)).toBeUndefined();
    else expect(networkFailure(one)).toMatchObject(expected);
  }
});
