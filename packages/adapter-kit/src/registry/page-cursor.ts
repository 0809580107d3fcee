import { type OperationContext, StorageError, StorageErrorCode } from '@holdfast/ports';

/** What the last item of a page is ordered by, the last value telling all items apart. */
export type CursorValues = readonly (string | number | bigint)[];

/** Prints where a page ended, in an order that is named, as the `next` of a page. */
export function printPageCursor(order: string, values: CursorValues): string {
  const printed = values.map((value) => (typeof value === 'bigint' ? [String(value)] : value));
  return Buffer.from(JSON.stringify([order, ...printed])).toString('base64url');
}

/**
 * Reads what {@link printPageCursor} wrote.
 *
 * @throws StorageError `invalid-argument` when it was made by another question's order, or elsewhere.
 */
export function parsePageCursor(text: string, order: string, context: OperationContext): CursorValues {
  const value = parseJson(Buffer.from(text, 'base64url').toString());
  if (Array.isArray(value) && value[0] === order) {
    const values = value.slice(1).map(scalarOf);
    if (values.every((one) => one !== undefined)) return values;
  }
  throw new StorageError({
    ...context,
    code: StorageErrorCode.InvalidArgument,
    message: `${context.operation}: "after" is not the "next" of a page in this order`,
    hint: 'Hand back what the page before gave as next, with the same order.',
  });
}

function scalarOf(value: unknown): string | number | bigint | undefined {
  if (typeof value === 'string' || typeof value === 'number') return value;
  const [digits]: readonly unknown[] = Array.isArray(value) ? value : [];
  return typeof digits === 'string' && /^-?\d+$/.test(digits) ? BigInt(digits) : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
