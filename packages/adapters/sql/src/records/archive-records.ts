import { checkPageLimit, parsePageCursor, printPageCursor } from '@holdfast/adapter-kit';
import {
  type ArchiveQuery,
  type Page,
  type RegistryRecord,
  StorageBackend,
  archivedPoint,
  archivedPointsAtOnce,
  encodeRecord,
  recordDescriptors,
  seriesDescriptors,
} from '@holdfast/domain';
import { type Kysely, sql } from 'kysely';
import { recordTable, seriesTable } from '../schema/record-tables.ts';
import type { RegistrySchema } from '../schema/registry-schema.ts';
import { type PointPlace, readPoints } from './point-pages.ts';
import { type RecordRow, recordColumns, recordOfRow } from './record-rows.ts';
import { type SeriesRow, pointOfRow } from './series-rows.ts';

type Database = Kysely<RegistrySchema>;
type Query = ArchiveQuery & { readonly operation: string };

/** The archived records after a place, in their order; each with the cursor of what follows it. */
type Follow = (
  database: Database,
  after: readonly (string | number | bigint)[],
  limit: number,
) => AsyncIterable<{
  readonly item: RegistryRecord;
  readonly cursor: readonly (string | number)[];
}>;

/** Whether there is a record of any kind. */
export async function hasRecords(database: Database): Promise<boolean> {
  return (await readRecords(database, { operation: 'archive.isEmpty', limit: 1 })).items.length > 0;
}

/** A page of the records of every kind, by kind, then id. */
export function readRecords(database: Database, query: Query): Promise<Page<RegistryRecord>> {
  return readFollowing(database, query, { order: 'record', follow: followRecords });
}

/** A page of the points of every kind of series, by kind, owner, key and place in the series. */
export function readSeriesPoints(database: Database, query: Query): Promise<Page<RegistryRecord>> {
  return readFollowing(database, query, { order: 'series', follow: followSeries });
}

async function readFollowing(
  database: Database,
  { operation, limit, after }: Query,
  { order, follow }: { readonly order: string; readonly follow: Follow },
): Promise<Page<RegistryRecord>> {
  const context = { operation, backend: StorageBackend.Database };
  checkPageLimit(limit, context);
  const place = after === undefined ? [] : parsePageCursor(after, order, context);
  const items: RegistryRecord[] = [];
  let last: readonly (string | number)[] = [];
  for await (const { item, cursor } of follow(database, place, (limit ?? Number.MAX_SAFE_INTEGER - 1) + 1)) {
    if (items.length === limit) return { items, next: printPageCursor(order, last) };
    items.push(item);
    last = cursor;
  }
  return { items };
}

async function* followRecords(
  database: Database,
  [afterKind = '', afterId = '']: readonly (string | number | bigint)[],
  limit: number,
): ReturnType<Follow> {
  for (const descriptor of recordDescriptors.filter(({ kind }) => kind >= String(afterKind))) {
    const { kind } = descriptor;
    const rows = await database
      .selectFrom(sql.table<RecordRow>(recordTable(kind)).as('record'))
      .select(recordColumns)
      .where('id', '>', kind === afterKind ? String(afterId) : '')
      .orderBy('id')
      .limit(limit)
      .execute();
    for (const row of rows) {
      const record = encodeRecord(descriptor, recordOfRow(descriptor, row));
      yield { item: { kind: 'record', of: kind, record }, cursor: [kind, row.id] };
    }
  }
}

async function* followSeries(
  database: Database,
  [afterKind = '', afterOwner = '', afterKey = '', ...place]: readonly (string | number | bigint)[],
): ReturnType<Follow> {
  for (const { kind } of seriesDescriptors.filter((one) => one.kind >= String(afterKind))) {
    const isBegun = kind === afterKind;
    let last = { owner: isBegun ? String(afterOwner) : '', key: isBegun ? String(afterKey) : '' };
    if (isBegun) {
      const begun = await findSeries(database, kind, { ...last, comparison: '=' });
      if (begun !== undefined) yield* followPoints(database, kind, { row: begun, place: place.map(Number) });
    }
    for (;;) {
      const row = await findSeries(database, kind, { ...last, comparison: '>' });
      if (row === undefined) break;
      yield* followPoints(database, kind, { row, place: [] });
      last = row;
    }
  }
}

async function* followPoints(
  database: Database,
  kind: string,
  { row, place: [begin = 0, step, position] }: { readonly row: SeriesRow; readonly place: readonly number[] },
): ReturnType<Follow> {
  const { owner, key, series } = row;
  let start = begin;
  let after: PointPlace | undefined =
    step === undefined || position === undefined ? undefined : { step, position };
  for (;;) {
    const rows = await readPoints(database, { kind, series }, { after, limit: archivedPointsAtOnce });
    const last = rows.at(-1);
    if (last === undefined) return;
    const points = rows.map((one) => archivedPoint(pointOfRow(one)));
    const end = start + rows.length;
    yield {
      item: { kind: 'series', of: kind, owner, key, start, points },
      cursor: [kind, owner, key, end, last.step, last.position],
    };
    if (rows.length < archivedPointsAtOnce) return;
    [start, after] = [end, last];
  }
}

async function findSeries(
  database: Database,
  kind: string,
  {
    owner,
    key,
    comparison,
  }: { readonly owner: string; readonly key: string; readonly comparison: '=' | '>' },
): Promise<SeriesRow | undefined> {
  const { rows } = await sql<SeriesRow>`
    select * from ${sql.table(seriesTable(kind))}
    where (owner, key) ${sql.raw(comparison)} (${owner}, ${key}) order by owner, key limit 1`.execute(
    database,
  );
  return rows[0];
}
