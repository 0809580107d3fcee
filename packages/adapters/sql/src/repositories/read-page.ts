import { checkPageLimit, type CursorValues, parsePageCursor, printPageCursor } from '@holdfast/adapter-kit';
import { type Page, StorageBackend } from '@holdfast/domain';
import { type RawBuilder, type SelectQueryBuilder, type SqlBool, sql } from 'kysely';

/** Which part of an ordered result is asked for. */
export interface PageQuery {
  readonly limit?: number | undefined;
  readonly after?: string | undefined;
}

/** By which columns rows are ordered, the last of them telling all rows apart. */
export interface PageOrder {
  readonly columns: readonly string[];
  readonly direction: 'ascending' | 'descending';
}

/** What turns rows into a page. */
export interface PagePlan<Row, Item> extends PageQuery {
  readonly operation: string;
  readonly order: PageOrder;
  /** Reads the ordering columns of a row. */
  readonly valuesOf: (row: Row) => CursorValues;
  readonly itemOf: (row: Row) => Item;
}

/** The order that a question asks for, with ties broken by id; by id alone when it asks for none. */
export function pageOrderOf(
  order: { readonly field: string; readonly direction: 'ascending' | 'descending' } | undefined,
  columns: { readonly id: string } & Readonly<Record<string, string>>,
): PageOrder {
  if (order === undefined) return { columns: [columns.id], direction: 'ascending' };
  const column = columns[order.field];
  return { columns: column === undefined ? [columns.id] : [column, columns.id], direction: order.direction };
}

/** Runs a question for one page: the rows after the cursor, in order, and one more to know whether there is a next. */
export async function readPage<Database, Table extends keyof Database, Row, Item>(
  query: SelectQueryBuilder<Database, Table, Row>,
  plan: PagePlan<Row, Item>,
): Promise<Page<Item>> {
  const { operation, order, limit, after } = plan;
  const context = { operation, backend: StorageBackend.Database };
  checkPageLimit(limit, context);
  const name = `${order.columns.join(',')} ${order.direction}`;
  let ordered = query;
  for (const column of order.columns) {
    ordered = ordered.orderBy(sql.ref(column), order.direction === 'ascending' ? 'asc' : 'desc');
  }
  if (after !== undefined) ordered = ordered.where(isAfter(order, parsePageCursor(after, name, context)));
  if (limit !== undefined) ordered = ordered.limit(limit + 1);
  const rows = await ordered.execute();
  const shown = limit === undefined ? rows : rows.slice(0, limit);
  const last = shown.at(-1);
  const items = shown.map(plan.itemOf);
  const hasNext = last !== undefined && rows.length > shown.length;
  return hasNext ? { items, next: printPageCursor(name, plan.valuesOf(last)) } : { items };
}

function isAfter(order: PageOrder, values: CursorValues): RawBuilder<SqlBool> {
  const columns = sql.join(order.columns.map((column) => sql.ref(column)));
  const comparison = sql.raw(order.direction === 'ascending' ? '>' : '<');
  return sql<SqlBool>`(${columns}) ${comparison} (${sql.join(values)})`;
}
