import { type GrowingSummary, summarizePoints } from '@holdfast/domain';
import { type Kysely, sql } from 'kysely';
import { pointsTable, seriesTable } from '../schema/record-tables.ts';
import type { RegistrySchema } from '../schema/registry-schema.ts';
import { putSeries } from './append-points.ts';
import { pointPages } from './point-pages.ts';
import { type SeriesRow, hashOfPoints, pointOfRow, rowOfSeries } from './series-rows.ts';

/** Which points go. */
export interface PrunedPoints {
  readonly kind: string;
  readonly owner: string;
  readonly before: number;
  readonly key?: string | undefined;
}

/** Removes points, and makes what is known of their series of those that are left. */
export async function prunePoints(
  database: Kysely<RegistrySchema>,
  { kind, owner, before, key }: PrunedPoints,
): Promise<number> {
  const isKey = key === undefined ? sql`1 = 1` : sql`key = ${key}`;
  const { rows } = await sql<SeriesRow>`
    select * from ${sql.table(seriesTable(kind))} where owner = ${owner} and ${isKey}`.execute(database);
  let count = 0;
  for (const row of rows) {
    const points = sql.table(pointsTable(kind));
    await sql`delete from ${points} where series = ${row.series} and step < ${before}`.execute(database);
    let [left, hash, summary]: [number, number, GrowingSummary | undefined] = [0, 0, undefined];
    for await (const page of pointPages({ kind, series: row.series }, (read) => read(database))) {
      left += page.length;
      hash = hashOfPoints(page, hash);
      summary = summarizePoints(summary, page.map(pointOfRow));
    }
    count += row.count - left;
    if (summary === undefined)
      await sql`delete from ${sql.table(seriesTable(kind))} where series = ${row.series}`.execute(database);
    else if (left < row.count)
      await putSeries(database, kind, [rowOfSeries(kind, { ...row, points_hash: hash }, summary)]);
  }
  return count;
}
