import type { StorageBackend } from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';

/** What an adapter is made with at least. */
export interface RequiredOptions {
  readonly backend: StorageBackend;
  /** How the adapter is made, such as `new FilesystemStorageAdapter({ root: './store' })`. */
  readonly example: string;
  /** Fields that must be texts. @default none */
  readonly texts?: readonly string[] | undefined;
}

/**
 * Makes sure that an adapter is made with an object of options, for callers without types.
 *
 * @throws StorageError `invalid-configuration` that names what is missing and shows the example.
 */
export function assertOptions(value: unknown, { backend, example, texts = [] }: RequiredOptions): void {
  const problem = problemOf(value, texts);
  if (problem === undefined) return;
  throw new StorageError({
    code: 'invalid-configuration',
    operation: 'open',
    backend,
    message: `${problem}.`,
    hint: `Write ${example}.`,
  });
}

function problemOf(value: unknown, texts: readonly string[]): string | undefined {
  if (typeof value !== 'object' || value === null) {
    const given = value === undefined ? 'nothing' : JSON.stringify(value);
    return `The adapter must be made with an object of options (got ${given})`;
  }
  const options = new Map(Object.entries(value));
  const missing = texts.find((name) => typeof options.get(name) !== 'string');
  return missing === undefined
    ? undefined
    : `The option ${missing} must be a text (got ${typeof options.get(missing)})`;
}
