import { type OperationContext, StorageError, StorageErrorCode } from '@holdfast/ports';

/**
 * Checks how many items a page may have at most; `undefined` is no limit.
 *
 * @throws StorageError `invalid-argument` when it is not a whole number from 1 up.
 */
export function checkPageLimit(limit: number | undefined, context: OperationContext): void {
  if (limit === undefined || (Number.isSafeInteger(limit) && limit >= 1)) return;
  throw new StorageError({
    ...context,
    code: StorageErrorCode.InvalidArgument,
    message: `${context.operation}: limit ${limit} is not a whole number from 1 up`,
  });
}
