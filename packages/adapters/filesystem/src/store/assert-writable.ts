import { StorageBackend } from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';
import type { ObjectStore } from './object-store.ts';

/**
 * Refuses to change a store that was opened for reading.
 *
 * @throws StorageError `permission-denied`, before anything is written.
 */
export function assertWritable(
  store: ObjectStore,
  { operation, root }: { readonly operation: string; readonly root: string },
): void {
  if (!store.isReadOnly) return;
  throw new StorageError({
    code: 'permission-denied',
    operation,
    backend: StorageBackend.LocalFilesystem,
    message: `The store in ${root} can only be read: its folder, its index or its disk does not let this process write.`,
    hint: 'Allow this user to write there, mount the disk for writing, or name another store.',
  });
}
