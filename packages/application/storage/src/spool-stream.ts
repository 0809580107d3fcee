import { type FileHandle, open } from 'node:fs/promises';
import type { StorageBackend } from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';

/**
 * Keeps a stream in a new file that only its owner can read. Whoever asked for it removes it, also after a failure.
 *
 * @throws StorageError `quota-exceeded` when the disk is full, `invalid-configuration` when the file cannot be written.
 */
export async function spoolStream(
  chunks: AsyncIterable<Uint8Array>,
  path: string,
  options: { readonly backend: StorageBackend },
): Promise<void> {
  const failed = (error: unknown): never => {
    throw spoolError(error, path, options);
  };
  const file: FileHandle = await open(path, 'wx', 0o600).catch(failed);
  try {
    for await (const chunk of chunks) await file.writeFile(chunk).catch(failed);
  } finally {
    await file.close();
  }
}

function spoolError(
  cause: unknown,
  path: string,
  options: { readonly backend: StorageBackend },
): StorageError {
  const isFull = ['ENOSPC', 'EDQUOT'].includes(String((cause as { readonly code?: unknown }).code));
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new StorageError({
    code: isFull ? 'quota-exceeded' : 'invalid-configuration',
    operation: 'save',
    backend: options.backend,
    message: `The stream cannot be kept in ${path} while it is hashed: ${reason}.`,
    hint: isFull
      ? 'Make room there, or name another spool folder.'
      : 'Name a spool folder that can be written to.',
    cause,
  });
}
