import type { ModelStorageInfo } from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';

/** The error for an object whose bytes are not the recorded ones; `what` is what it holds instead. */
export function damagedObject(
  info: ModelStorageInfo,
  code: 'size-mismatch' | 'checksum-mismatch',
  what: string,
): StorageError {
  return new StorageError({
    code,
    operation: 'load',
    backend: info.storageBackend,
    key: info.storagePath,
    message: `The stored object ${info.storagePath} holds ${what} that were written: it is damaged.`,
    hint: 'Put the same file again to repair the object, or restore it from a copy.',
  });
}
