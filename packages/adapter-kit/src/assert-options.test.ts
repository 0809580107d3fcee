import { expect, test } from 'vitest';
import { assertOptions } from './assert-options.ts';

const required = {
  backend: 'aws_s3',
  example: "new S3StorageAdapter({ bucket: 'models' })",
  texts: ['bucket'],
} as const;

test.each([
  ['models', 'The adapter must be made with an object of options (got "models").'],
  [undefined, 'The adapter must be made with an object of options (got nothing).'],
  [{}, 'The option bucket must be a text (got undefined).'],
  [{ bucket: 5 }, 'The option bucket must be a text (got number).'],
])('%j is refused with the right way to write it', (value, message) => {
  expect(() => assertOptions(value, required)).toThrow(
    expect.objectContaining({
      code: 'invalid-configuration',
      message,
      hint: `Write ${required.example}.`,
    }) as Error,
  );
});

test('what is needed is enough', () => {
  expect(() => assertOptions({ bucket: 'models' }, required)).not.toThrow();
});
