import { type Kysely, type RawBuilder, sql } from 'kysely';
import { pointsTable } from '../schema/record-tables.ts';
import type { RegistrySchema } from '../schema/registry-schema.ts';
import type { PointRow } from './series-rows.ts';

/** Where a page of points begins. */
export type PointPlace = Pick<PointRow, 'step' | 'position'>;

/** The points of a series after a place, in their order. */
export async function readPoints(
  database: Kysely<RegistrySchema>,
  { kind, series }: { readonly kind: string; readonly series: number },
  { after, limit }: { readonly after: PointPlace | undefined; readonly limit: number },
): Promise<readonly PointRow[]> {
  const isAfter: RawBuilder<unknown> =
    after === undefined ? sql`` : sql`and (step, position) > (${after.step}, ${after.position})`;
  const { rows } = await sql<PointRow>`
    select * from ${sql.table(pointsTable(kind))} where series = ${series} ${isAfter}
    order by step, position limit ${limit}`.execute(database);
  return rows;
}

const pointsAtOnce = 10_000;

/** Every point of a series, some at a time. `read` runs the question for a page. */
export async function* pointPages(
  of: { readonly kind: string; readonly series: number },
  read: (
    work: (database: Kysely<RegistrySchema>) => Promise<readonly PointRow[]>,
  ) => Promise<readonly PointRow[]>,
): AsyncIterable<readonly PointRow[]> {
  let after: PointPlace | undefined;
  do {
    const page = await read((database) => readPoints(database, of, { after, limit: pointsAtOnce }));
    yield page;
    after = page.length < pointsAtOnce ? undefined : page.at(-1);
  } while (after !== undefined);
}
