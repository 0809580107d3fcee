import { type OperationContext, StorageError, StorageErrorCode } from '@holdfast/ports';

/** What the last item of a page is ordered by, the last value telling all items apart. */
export type CursorValues = readonly (string | number)[];

/** Prints where a page ended, in an order that is named, as the `next` of a page. */
export function printPageCursor(order: string, values: CursorValues): string {
  return Buffer.from(JSON.stringify([order, ...values])).toString('base64url');
}

/**
 * Reads what {@link printPageCursor} wrote.
 *
 * @throws StorageError `invalid-argument` when it was made by another question's order, or elsewhere.
 */
export function parsePageCursor(text: string, order: string, context: OperationContext): CursorValues {
  const value = parseJson(Buffer.from(text, 'base64url').toString());
  if (Array.isArray(value) && value[0] === order && value.slice(1).every(isScalar)) return value.slice(1);
  throw new StorageError({
    ...context,
    code: StorageErrorCode.InvalidArgument,
    message: `${context.operation}: "after" is not the "next" of a page in this order`,
    hint: 'Hand back what the page before gave as next, with the same order.',
  });
}

function isScalar(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
