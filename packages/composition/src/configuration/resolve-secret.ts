import { readFile } from 'node:fs/promises';
import type { StorageBackend } from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';

/** Who asks for a secret, and where references lead. */
export interface ResolveSecretOptions {
  /** The field that refers to it, such as `stores.lake.token`. */
  readonly field: string;
  readonly backend: StorageBackend;
  /** @default process.env */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/**
 * The secret that a reference names: `env:NAME` is a variable, `file:PATH` the content of a file without the line
 * breaks at its end.
 *
 * @throws StorageError `unauthenticated` when nothing is there, `invalid-configuration` when it is no reference. The
 *   message names the reference, never what it leads to.
 */
export async function resolveSecret(reference: string, options: ResolveSecretOptions): Promise<string> {
  const [, kind, place = ''] = /^(env|file):([^]+)$/.exec(reference) ?? [];
  if (kind === 'env') {
    const value = (options.environment ?? process.env)[place];
    return present(value, `The variable ${place} is not set`, options);
  }
  if (kind === 'file') {
    const text = await readFile(place, 'utf8').catch((error: unknown) => {
      const { code } = error as NodeJS.ErrnoException;
      throw refusal('unauthenticated', `The file ${place} cannot be read (${code ?? 'unknown'})`, options);
    });
    return present(text.replace(/[\r\n]+$/, ''), `The file ${place} is empty`, options);
  }
  throw refusal('invalid-configuration', 'It is no reference to a secret', options);
}

function present(value: string | undefined, reason: string, options: ResolveSecretOptions): string {
  if (value !== undefined && value !== '') return value;
  throw refusal('unauthenticated', reason, options);
}

function refusal(
  code: 'unauthenticated' | 'invalid-configuration',
  reason: string,
  { field, backend }: ResolveSecretOptions,
): StorageError {
  return new StorageError({
    code,
    operation: 'open',
    backend,
    message: `${reason}, to which ${field} refers.`,
    hint: 'A secret is given as env:NAME or file:PATH, and has to be there when the store is used.',
  });
}
