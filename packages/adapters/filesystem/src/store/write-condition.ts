import { type DeleteTarget, type OperationContext, StorageError, type WriteMode } from '@holdfast/ports';
import type { ObjectIndex } from './object-index.ts';

/**
 * Decides whether a write may happen, inside the transaction that does it.
 *
 * @throws StorageError `already-exists` or `precondition-failed`.
 */
export function decideWrite(
  index: ObjectIndex,
  mode: WriteMode | undefined,
  context: OperationContext,
): void {
  const key = context.key ?? '';
  if (mode === 'create' && index.peek(key) !== undefined) {
    throw new StorageError({ ...context, code: 'already-exists' });
  }
  if (typeof mode === 'object') requireState(index, mode.ifMatch, context);
}

/**
 * Decides whether a target may be deleted on its own: one that is not there is no conflict.
 *
 * @throws StorageError `precondition-failed` when it is in another state than the named one.
 */
export function decideDelete(index: ObjectIndex, target: DeleteTarget, context: OperationContext): void {
  if (target.ifMatch === undefined || index.peek(target.key) === undefined) return;
  requireState(index, target.ifMatch, context);
}

/**
 * Decides whether a transaction may delete a target: a named state has to be there.
 *
 * @throws StorageError `precondition-failed` when it is not.
 */
export function decideDeleteStrictly(
  index: ObjectIndex,
  target: DeleteTarget,
  context: OperationContext,
): void {
  if (target.ifMatch !== undefined) requireState(index, target.ifMatch, context);
}

function requireState(index: ObjectIndex, etag: string, context: OperationContext): void {
  const present = index.find(context.key ?? '');
  if (present?.etag === etag) return;
  const subject = JSON.stringify(context.key);
  throw new StorageError({
    ...context,
    code: 'precondition-failed',
    message:
      present === undefined ? `${subject} does not exist.` : `${subject} is not in the given state any more.`,
    hint: 'Read the object again, then decide again.',
  });
}
