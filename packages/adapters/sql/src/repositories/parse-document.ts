import { StorageBackend } from '@holdfast/domain';
import { StorageError, StorageErrorCode } from '@holdfast/ports';

/**
 * Reads a document column.
 *
 * @throws StorageError `corrupt` when it does not hold what was written.
 */
export function parseDocument<T>(text: string, key: string, build: (value: unknown) => T): T {
  try {
    return build(JSON.parse(text));
  } catch (error) {
    throw new StorageError({
      code: StorageErrorCode.Corrupt,
      operation: 'read',
      backend: StorageBackend.Database,
      key,
      hint: 'The record was changed outside Holdfast. Restore the database from a backup.',
      cause: error,
    });
  }
}
