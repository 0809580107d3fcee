import { type LeftoverReport, StorageError } from '@holdfast/ports';

/** A bucket may hide its open uploads from those who may use its objects; others do not know such a request. */
export function unlistedUploads(error: unknown): LeftoverReport {
  const isHidden =
    StorageError.isInstance(error, 'permission-denied') || StorageError.isInstance(error, 'unsupported');
  if (!isHidden) throw error;
  return {
    removed: [],
    kept: [{ name: '', sizeBytes: 0, reason: `its open uploads cannot be listed: ${error.message}` }],
  };
}
