import { type OperationContext, StorageError, type WriteMode } from '@holdfast/ports';
import type { StoredObject } from './memory-store.ts';

/**
 * Decides whether a write may happen, given what is there.
 *
 * @throws StorageError `already-exists` or `precondition-failed` by the mode.
 */
export function checkCondition(
  present: StoredObject | undefined,
  mode: WriteMode,
  context: OperationContext,
): void {
  if (mode === 'create' && present !== undefined)
    throw new StorageError({ ...context, code: 'already-exists' });
  if (typeof mode === 'object' && present?.info.etag !== mode.ifMatch) {
    throw new StorageError({ ...context, code: 'precondition-failed' });
  }
}
