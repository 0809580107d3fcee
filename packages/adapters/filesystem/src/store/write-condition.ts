import { StorageBackend } from '@holdfast/domain';
import { type DeleteTarget, type OperationContext, StorageError, type WriteMode } from '@holdfast/ports';
import type { ObjectIndex } from './object-index.ts';

/**
 * Decides whether a write may happen, inside the transaction that does it.
 *
 * @throws StorageError `already-exists` or `precondition-failed`.
 */
export function decideWrite(index: ObjectIndex, mode: WriteMode | undefined, context: OperationContext): void {
  const key = context.key ?? '';
  if (mode === 'create' && index.peek(key) !== undefined) {
    throw new StorageError({ ...context, code: 'already-exists' });
  }
  if (typeof mode === 'object') requireState(index, mode.ifMatch, context);
}

/** @throws StorageError `precondition-failed` when the target names a state that is not the present one. */
export function decideDelete(index: ObjectIndex, target: DeleteTarget, operation: string): void {
  if (target.ifMatch === undefined) return;
  requireState(index, target.ifMatch, { operation, backend: StorageBackend.LocalFilesystem, key: target.key });
}

function requireState(index: ObjectIndex, etag: string, context: OperationContext): void {
  const present = index.find(context.key ?? '');
  if (present?.etag === etag) return;
  const subject = JSON.stringify(context.key);
  throw new StorageError({
    ...context,
    code: 'precondition-failed',
    message: present === undefined ? `${subject} is not there.` : `${subject} is not in the given state any more.`,
    hint: 'Read the object again and decide anew.',
  });
}
