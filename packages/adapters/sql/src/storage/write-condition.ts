import { type OperationContext, StorageError, type WriteMode } from '@holdfast/ports';
import type { ObjectRecord } from './object-record.ts';

/**
 * Decides whether a write may happen, inside the transaction that does it.
 *
 * @throws StorageError `already-exists` or `precondition-failed`.
 */
export function decideWrite(
  present: ObjectRecord | undefined,
  mode: WriteMode | undefined,
  context: OperationContext,
): void {
  if (mode === 'create' && present !== undefined)
    throw new StorageError({ ...context, code: 'already-exists' });
  if (typeof mode === 'object') requireState(present, mode.ifMatch, context);
}

/** @throws StorageError `precondition-failed` when an object is not in the named state. */
export function requireState(
  present: ObjectRecord | undefined,
  etag: string,
  context: OperationContext,
): void {
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
