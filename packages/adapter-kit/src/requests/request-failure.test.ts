import { expect, test } from 'vitest';
import { storageErrorOf } from './request-failure.ts';

const failure = { code: 'not-found', what: 'the bucket does not exist' } as const;
const history = { attempts: 1, retry: 'never', cause: undefined } as const;

test.each([
  [{ key: 'registry-claim.json' }, 'Bucket models (aws_s3): the bucket does not exist.'],
  [{}, 'Bucket models (aws_s3): the bucket does not exist.'],
  [{ key: 'a/b' }, 'get "a/b" in bucket models (aws_s3): the bucket does not exist.'],
  [{ key: 'a/b', place: undefined }, 'get "a/b" on aws_s3: the bucket does not exist.'],
])('%j is named as the user knows it', (subject, message) => {
  const context = { operation: 'get', backend: 'aws_s3', place: 'bucket models', ...subject } as const;
  expect(storageErrorOf(failure, context, history).message).toBe(message);
});
