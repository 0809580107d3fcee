import {
  type AnyRecordDescriptor,
  type AnySeriesDescriptor,
  type DamagedRecord,
  recordDescriptors,
  seriesDescriptors,
} from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import { sealedPages } from '../repositories/sealed-pages.ts';
import { isSealed } from '../repositories/sealed.ts';
import { fieldColumn, rankColumn, recordTable, seriesTable } from '../schema/record-tables.ts';
import type { RegistrySchema } from '../schema/registry-schema.ts';
import type { RegistryDatabase } from '../session/registry-database.ts';
import type { SqlSession } from '../session/sql-session.ts';
import { pointPages } from './point-pages.ts';
import { type RecordRow, fieldColumns, recordOfRow } from './record-rows.ts';
import { type SeriesRow, hashOfPoints } from './series-rows.ts';

type Row = Readonly<Record<string, unknown>>;
type Read = (work: (database: Kysely<RegistrySchema>) => Promise<readonly Row[]>) => Promise<readonly Row[]>;

const operation = 'checkRecords';

const altered = 'its checksum does not match: it was altered outside of Holdfast, or its disk is failing';

/** A table whose rows are checked. */
export interface CheckedTable {
  readonly table: string;
  readonly check: () => AsyncIterable<readonly DamagedRecord[]>;
}

/** The tables of every kind of record and series, with how each is checked. */
export function recordTableChecks(database: RegistryDatabase): readonly CheckedTable[] {
  return [
    ...recordDescriptors.map((descriptor) => ({
      table: recordTable(descriptor.kind),
      check: () => checkRecordsOf(database, descriptor),
    })),
    ...seriesDescriptors.map((descriptor) => ({
      table: seriesTable(descriptor.kind),
      check: () => checkSeriesOf(database, descriptor),
    })),
  ];
}

/** Rows whose checksum does not match, or whose columns of indexed fields are not those of their record. */
async function* checkRecordsOf(
  database: RegistryDatabase,
  descriptor: AnyRecordDescriptor,
): AsyncIterable<readonly DamagedRecord[]> {
  const { kind, noun } = descriptor;
  const read: Read = (work) => database.read(operation, work);
  for await (const page of sealedPages(recordTable(kind), read, { extra: columnsOfFields(descriptor) })) {
    yield page.flatMap((row): readonly DamagedRecord[] => {
      const reason = whyDamaged(descriptor, row as unknown as RecordRow & Row);
      if (reason === undefined) return [];
      const id = String(row['id']);
      return [{ kind: 'record', subject: `the ${noun} ${id}`, reason, owner: { kind, id } }];
    });
  }
}

/** Integers are read as texts: they may have more digits than a number holds. */
function columnsOfFields({ fields }: AnyRecordDescriptor): readonly RawBuilder<unknown>[] {
  return Object.entries(fields).flatMap(([field, { type }]) => {
    const column = sql.ref(fieldColumn(field));
    const read = type === 'integer' ? sql`cast(${column} as text) as ${column}` : column;
    return [sql.ref(rankColumn(field)), read];
  });
}

function whyDamaged(descriptor: AnyRecordDescriptor, row: RecordRow & Row): string | undefined {
  if (!isSealed(recordTable(descriptor.kind), row)) return altered;
  try {
    const expected = fieldColumns(descriptor, recordOfRow(descriptor, row));
    const isSame = Object.entries(expected).every(([column, value]) => String(row[column]) === String(value));
    return isSame
      ? undefined
      : 'what it is found by is not what it holds: it was altered outside of Holdfast';
  } catch (error) {
    if (!StorageError.isInstance(error, 'corrupt')) throw error;
    return 'it is not a record of its kind';
  }
}

/** Series whose row, or any of whose points, is not as it was written. */
async function* checkSeriesOf(
  database: RegistryDatabase,
  { kind, noun, owner }: AnySeriesDescriptor,
): AsyncIterable<readonly DamagedRecord[]> {
  const read: Read = (work) => database.read(operation, work);
  for await (const page of sealedPages(seriesTable(kind), read)) {
    const damaged: DamagedRecord[] = [];
    for (const row of page as unknown as readonly SeriesRow[]) {
      if (await isIntact(database, kind, row)) continue;
      const subject = `the ${noun} ${row.key} of the ${owner.noun} ${row.owner}`;
      damaged.push({
        kind: 'series',
        subject,
        reason: altered,
        owner: { kind: owner.kind, id: row.owner },
      });
    }
    yield damaged;
  }
}

/** What seems damaged may have been appended to meanwhile: it is read again while no process can write. */
async function isIntact(database: RegistryDatabase, kind: string, row: SeriesRow): Promise<boolean> {
  if (await areAsWritten(database, kind, row)) return true;
  return database.transaction(async (session) => {
    const { rows } = await session.read(operation, (one) =>
      sql<SeriesRow>`select * from ${sql.table(seriesTable(kind))} where series = ${row.series}`.execute(one),
    );
    return rows[0] === undefined || areAsWritten(session, kind, rows[0]);
  });
}

async function areAsWritten(session: SqlSession, kind: string, row: SeriesRow): Promise<boolean> {
  if (!isSealed(seriesTable(kind), row)) return false;
  let [hash, count] = [0, 0];
  const pages = pointPages({ kind, series: row.series }, (work) => session.read(operation, work));
  for await (const page of pages) {
    hash = hashOfPoints(page, hash);
    count += page.length;
  }
  return hash === row.points_hash && count === row.count;
}
