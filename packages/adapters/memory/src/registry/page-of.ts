import { type Page, StorageBackend, compareKeys } from '@holdfast/domain';
import { StorageError, StorageErrorCode } from '@holdfast/ports';

type OrderValue = string | number;

/** Which part of an ordered result is asked for, and how it is ordered. */
export interface PagePlan<T> {
  readonly operation: string;
  readonly limit?: number | undefined;
  readonly after?: string | undefined;
  /** Names the order in cursors, so that one of another order is refused. */
  readonly orderName: string;
  readonly descending: boolean;
  /** What items are ordered by, the last value telling all of them apart. */
  readonly valuesOf: (item: T) => readonly OrderValue[];
}

/**
 * Sorts items and cuts out one page.
 *
 * @throws StorageError `invalid-argument` when `limit` is not a whole number from 1 up, or `after` belongs to another order.
 */
export function pageOf<T>(items: Iterable<T>, plan: PagePlan<T>): Page<T> {
  const { operation, limit, after, orderName } = plan;
  if (limit !== undefined && (!Number.isSafeInteger(limit) || limit < 1)) {
    throw invalidArgument(operation, `limit ${limit} is not a whole number from 1 up`);
  }
  const sign = plan.descending ? -1 : 1;
  const cursor = after === undefined ? undefined : parseCursor(after, plan);
  const keyed = Array.from(items, (item) => ({ item, values: plan.valuesOf(item) }));
  const ordered = keyed
    .filter(({ values }) => cursor === undefined || sign * compareValues(values, cursor) > 0)
    .toSorted((a, b) => sign * compareValues(a.values, b.values));
  const shown = limit === undefined ? ordered : ordered.slice(0, limit);
  const page = shown.map(({ item }) => item);
  const last = shown.at(-1);
  if (last === undefined || shown.length === ordered.length) return { items: page };
  return {
    items: page,
    next: Buffer.from(JSON.stringify([orderName, ...last.values])).toString('base64url'),
  };
}

function parseCursor<T>(text: string, plan: PagePlan<T>): readonly OrderValue[] {
  try {
    const [orderName, ...values] = JSON.parse(Buffer.from(text, 'base64url').toString());
    if (orderName === plan.orderName) return values;
  } catch {
    // Not made by a page: refused below.
  }
  throw invalidArgument(plan.operation, '"after" is not the "next" of a page in this order');
}

function compareValues(left: readonly OrderValue[], right: readonly OrderValue[]): number {
  for (const [index, a] of left.entries()) {
    const b = right[index];
    const order = typeof a === 'number' ? a - Number(b) : compareKeys(a, String(b));
    if (order !== 0) return order;
  }
  return 0;
}

function invalidArgument(operation: string, reason: string): StorageError {
  return new StorageError({
    code: StorageErrorCode.InvalidArgument,
    operation,
    backend: StorageBackend.Memory,
    message: `${operation}: ${reason}`,
  });
}
