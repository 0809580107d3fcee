import { type OperationContext, StorageError } from '@holdfast/ports';

const longestPresignSeconds = 604_800;

/** @throws StorageError `invalid-argument` when a presigned request cannot be valid for so long. */
export function checkExpiry(expiresInSeconds: number, context: OperationContext): void {
  const isWhole = Number.isInteger(expiresInSeconds) && expiresInSeconds >= 1;
  if (isWhole && expiresInSeconds <= longestPresignSeconds) return;
  const message = `A request holds for 1 to ${longestPresignSeconds} whole seconds, not ${expiresInSeconds}.`;
  throw new StorageError({ ...context, code: 'invalid-argument', message });
}
