import { type CursorValues, checkPageLimit, parsePageCursor, printPageCursor } from '@holdfast/adapter-kit';
import { type Page, StorageBackend, compareKeys } from '@holdfast/domain';

/** Which part of an ordered result is asked for, and how it is ordered. */
export interface PagePlan<T> {
  readonly operation: string;
  readonly limit?: number | undefined;
  readonly after?: string | undefined;
  /** Names the order in cursors, so that one of another order is refused. */
  readonly orderName: string;
  readonly descending: boolean;
  /** What items are ordered by, the last value telling all of them apart. */
  readonly valuesOf: (item: T) => CursorValues;
}

/**
 * Sorts items and cuts out one page.
 *
 * @throws StorageError `invalid-argument` when `limit` is not a whole number from 1 up, or `after` belongs to another order.
 */
export function pageOf<T>(items: Iterable<T>, plan: PagePlan<T>): Page<T> {
  const { operation, limit, after, orderName } = plan;
  const context = { operation, backend: StorageBackend.Memory };
  checkPageLimit(limit, context);
  const sign = plan.descending ? -1 : 1;
  const cursor = after === undefined ? undefined : parsePageCursor(after, orderName, context);
  const keyed = Array.from(items, (item) => ({ item, values: plan.valuesOf(item) }));
  const ordered = keyed
    .filter(({ values }) => cursor === undefined || sign * compareValues(values, cursor) > 0)
    .toSorted((a, b) => sign * compareValues(a.values, b.values));
  const shown = limit === undefined ? ordered : ordered.slice(0, limit);
  const page = shown.map(({ item }) => item);
  const last = shown.at(-1);
  if (last === undefined || shown.length === ordered.length) return { items: page };
  return { items: page, next: printPageCursor(orderName, last.values) };
}

function compareValues(left: CursorValues, right: CursorValues): number {
  for (const [index, a] of left.entries()) {
    const b = right[index];
    const order = compareScalars(a, b ?? '');
    if (order !== 0) return order;
  }
  return 0;
}

function compareScalars(a: CursorValues[number], b: CursorValues[number]): number {
  if (typeof a === 'string' || typeof b === 'string') return compareKeys(String(a), String(b));
  return a < b ? -1 : Number(a > b);
}
