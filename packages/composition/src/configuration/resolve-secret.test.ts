import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { resolveSecret } from './resolve-secret.ts';

const options = { backend: 'aws_s3', environment: { KEY: 'from-the-environment', EMPTY: '' } } as const;

test('comes from a variable or a file, whose last line break is not part of it', async () => {
  expect(await resolveSecret('env:KEY', options)).toBe('from-the-environment');
  const path = join(await temporaryFolder(), 'secret');
  await writeFile(path, ' from a file \n');
  expect(await resolveSecret(`file:${path}`, options)).toBe(' from a file ');
});

test.each([
  ['env:MISSING', 'env:MISSING is not set.'],
  ['env:EMPTY', 'env:EMPTY is empty.'],
  ['file:/nowhere/secret', 'The file of the secret file:/nowhere/secret cannot be read: ENOENT.'],
])('%s is refused by its name', async (reference, message) => {
  await expect(resolveSecret(reference, options)).rejects.toMatchObject({
    code: 'invalid-configuration',
    message,
  });
});

test('what is no reference is not shown: it may be the secret', async () => {
  const error: unknown = await resolveSecret('AKIAPLANTED', options).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'invalid-configuration' });
  expect(JSON.stringify(error) + String(error)).not.toContain('PLANTED');
});
