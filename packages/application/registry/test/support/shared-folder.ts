import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const repository = resolve(import.meta.dirname, '..', '..', '..', '..', '..');

/**
 * A folder of inputs that is kept beside the repository, or where a variable such as `HOLDFAST_CASES` says;
 * `undefined` after one loud line.
 *
 * @throws Error where it is missing and `CI` is `true`.
 */
export function sharedFolder(name: 'cases' | 'corpus'): string | undefined {
  const variable = `HOLDFAST_${name.toUpperCase()}`;
  const folder = resolve(process.env[variable] ?? join(repository, '..', 'shared', name));
  if (existsSync(folder)) return folder;
  const message = `The ${name} of real files are missing: set ${variable} to the folder that holds them`;
  if (process.env['CI'] === 'true') throw new Error(message);
  process.stderr.write(`!!! SKIPPED: ${message}\n`);
  return undefined;
}
