import { type KeyedPoint, summarizePoints } from '@holdfast/domain';
import { type Kysely, sql } from 'kysely';
import { chunksOf } from '../repositories/chunks-of.ts';
import { assertSealed } from '../repositories/sealed.ts';
import { seriesTable } from '../schema/record-tables.ts';
import type { RegistrySchema } from '../schema/registry-schema.ts';
import { insertPoints } from './insert-points.ts';
import {
  type PointRow,
  type SeriesRow,
  hashOfPoints,
  rowOfSeries,
  rowsOfPoints,
  summaryOfRow,
} from './series-rows.ts';

type Database = Kysely<RegistrySchema>;

/** Points of one owner, by the key of their series. */
export interface AppendedPoints {
  readonly kind: string;
  readonly owner: string;
  readonly byKey: ReadonlyMap<string, readonly KeyedPoint[]>;
}

/** Adds points, and writes the rows of their series again. */
export async function appendPoints(
  database: Database,
  { kind, owner, byKey }: AppendedPoints,
): Promise<void> {
  const known = await readSeries(database, kind, { owner, keys: [...byKey.keys()] });
  let next = await nextSeries(database, kind);
  const points: PointRow[] = [];
  const rows: SeriesRow[] = [];
  for (const [key, added] of byKey) {
    const before = known.get(key);
    assertSealed(seriesTable(kind), before);
    const { series, next_position, points_hash } = before ?? {
      series: next++,
      next_position: 0,
      points_hash: 0,
    };
    const addedRows = rowsOfPoints(series, added, next_position);
    const summary = summarizePoints(before === undefined ? undefined : summaryOfRow(before), added);
    for (const row of addedRows) points.push(row);
    const place = {
      series,
      owner,
      key,
      next_position: next_position + added.length,
      points_hash: hashOfPoints(addedRows, points_hash),
    };
    if (summary !== undefined) rows.push(rowOfSeries(kind, place, summary));
  }
  await insertPoints(database, kind, points);
  await putSeries(database, kind, rows);
}

/** Writes the rows of series, over those that are there. */
export async function putSeries(database: Database, kind: string, rows: readonly SeriesRow[]): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;
  const columns = Object.keys(first) as (keyof SeriesRow)[];
  const changes = columns.map((column) => sql`${sql.ref(column)} = ${sql.ref(`excluded.${column}`)}`);
  for (const chunk of chunksOf(rows)) {
    const values = chunk.map((row) => sql`(${sql.join(columns.map((column) => row[column]))})`);
    await sql`
      insert into ${sql.table(seriesTable(kind))} (${sql.join(columns.map((column) => sql.ref(column)))})
      values ${sql.join(values)} on conflict (series) do update set ${sql.join(changes)}`.execute(database);
  }
}

async function readSeries(
  database: Database,
  kind: string,
  { owner, keys }: { readonly owner: string; readonly keys: readonly string[] },
): Promise<ReadonlyMap<string, SeriesRow>> {
  const known = new Map<string, SeriesRow>();
  for (const chunk of chunksOf(keys)) {
    const rows = await database
      .selectFrom(sql.table<SeriesRow>(seriesTable(kind)).as('series'))
      .selectAll()
      .where('owner', '=', owner)
      .where('key', 'in', chunk)
      .execute();
    for (const row of rows) known.set(row.key, row);
  }
  return known;
}

async function nextSeries(database: Database, kind: string): Promise<number> {
  const { rows } = await sql<{ readonly next: number }>`
    select coalesce(max(series), 0) + 1 as next from ${sql.table(seriesTable(kind))}`.execute(database);
  return rows[0]?.next ?? 1;
}
