import type { ByteSource } from './byte-source.ts';
import type { FailureContext } from './operation-context.ts';
import { StorageError } from './storage-error.ts';

const longestShown = 40;

/**
 * Makes sure that a value is a source of bytes, for callers without types.
 *
 * @throws StorageError `invalid-argument` that says what to pass instead.
 */
export function assertByteSource(value: unknown, context: FailureContext): asserts value is ByteSource {
  if (value instanceof Uint8Array || isStream(value)) return;
  throw new StorageError({
    ...context,
    code: 'invalid-argument',
    message: `The data must be bytes or a stream of bytes (got ${described(value)}).`,
    hint:
      typeof value === 'string'
        ? 'For a file, pass await fileSource(path) from @holdfast/storage; for a text, pass Buffer.from(text).'
        : 'Pass a Uint8Array, a stream, an async iterable of Uint8Array, or await fileSource(path) from @holdfast/storage.',
  });
}

function isStream(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return (
    Symbol.asyncIterator in value ||
    value instanceof ReadableStream ||
    ('open' in value && 'sizeBytes' in value)
  );
}

function described(value: unknown): string {
  if (typeof value === 'string')
    return `the text ${JSON.stringify(value.length > longestShown ? `${value.slice(0, longestShown)}…` : value)}`;
  if (typeof value !== 'object' || value === null) return String(value);
  return `an instance of ${value.constructor?.name ?? 'Object'}`;
}
