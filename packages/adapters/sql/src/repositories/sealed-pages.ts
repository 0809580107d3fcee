import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { RegistrySchema } from '../schema/registry-schema.ts';
import { type SealedTable, sealedColumns } from '../schema/sealed-columns.ts';

type Row = Readonly<Record<string, unknown>>;

/** So that records of the greatest length fit into memory. */
const rowsAtOnce = 100;

/** Every row of a table, some at a time, in the order of its key, with the columns that its
 * checksums are of and the `extra` ones. `read` runs the question for a page. */
export async function* sealedPages(
  table: SealedTable,
  read: (work: (database: Kysely<RegistrySchema>) => Promise<readonly Row[]>) => Promise<readonly Row[]>,
  { extra = [] }: { readonly extra?: readonly RawBuilder<unknown>[] } = {},
): AsyncIterable<readonly Row[]> {
  const { key, others } = sealedColumns(table);
  const columns = sql.join([...[...key, ...others, 'checksum'].map((column) => sql.ref(column)), ...extra]);
  const order = sql.join(key.map((column) => sql.ref(column)));
  let last: Row | undefined;
  for (;;) {
    const after: RawBuilder<unknown> =
      last === undefined ? sql`` : sql`where (${order}) > (${sql.join(key.map((column) => last?.[column]))})`;
    const question = sql<Row>`select ${columns} from ${sql.table(table)} ${after} order by ${order} limit ${rowsAtOnce}`;
    const page = await read(async (database) => (await question.execute(database)).rows);
    if (page.length > 0) yield page;
    if (page.length < rowsAtOnce) return;
    last = page.at(-1);
  }
}
