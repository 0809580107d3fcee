import { readFile } from 'node:fs/promises';
import type { StorageBackend } from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';

export interface ResolveSecretOptions {
  /** Whose secret it is, for the error. */
  readonly backend: StorageBackend;
  /** @default process.env */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/**
 * Fetches a secret from where a configuration says that it is: `env:NAME` or `file:PATH`. A line break at the end of
 * a file does not belong to it.
 *
 * @throws StorageError `invalid-configuration` naming the reference, never the secret.
 */
export async function resolveSecret(
  reference: string,
  { backend, environment = process.env }: ResolveSecretOptions,
): Promise<string> {
  const [, kind, place = ''] = /^(env|file):(.+)$/s.exec(reference) ?? [];
  if (kind === undefined) throw refused(backend, 'A secret is given by reference: env:NAME or file:PATH.');
  const secret = kind === 'env' ? environment[place] : await readSecretFile(place, backend);
  if (secret === undefined) throw refused(backend, `${reference} is not set.`);
  if (secret === '') throw refused(backend, `${reference} is empty.`);
  return secret;
}

async function readSecretFile(path: string, backend: StorageBackend): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).replace(/\r?\n$/, '');
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    throw refused(backend, `The file of the secret file:${path} cannot be read: ${reason}.`, error);
  }
}

function refused(backend: StorageBackend, message: string, cause?: unknown): StorageError {
  return new StorageError({
    code: 'invalid-configuration',
    operation: 'find a secret',
    backend,
    message,
    hint: 'Set the variable or the file that the configuration names, and see that this user may read it.',
    cause,
  });
}
