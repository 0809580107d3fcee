import { hash } from 'node:crypto';
import { StorageBackend } from '@holdfast/domain';
import type { Cancellable, RecordDamage } from '@holdfast/ports';
import { type Kysely, sql } from 'kysely';
import type { ObjectDatabase } from '../object-database.ts';
import { recordChecksum, recordColumns } from '../object-record.ts';
import type { ObjectSchema, ObjectTable } from '../object-schema.ts';

const pageSize = 100;
const context = { operation: 'verify', backend: StorageBackend.Database };

/** Checks every record against its checksum and its bytes: hashed where they lie in its row, else by their length. */
export async function* checkRecords(
  database: ObjectDatabase,
  options: Cancellable,
): AsyncGenerator<RecordDamage> {
  let after = '';
  for (;;) {
    const rows = await database.read(context, (reader) => readRows(reader, after), options);
    for (const row of rows) {
      const reason =
        whyRowDamaged(row) ??
        (await database.snapshot(context, (reader) => whyBodyDamaged(reader, row), options));
      if (reason !== undefined) yield { key: row.key, reason };
    }
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.key;
  }
}

function readRows(reader: Kysely<ObjectSchema>, after: string): Promise<readonly ObjectTable[]> {
  return reader
    .selectFrom('objects')
    .select([...recordColumns, 'bytes'])
    .where('key', '>', after)
    .orderBy('key')
    .limit(pageSize)
    .execute();
}

function whyRowDamaged(row: ObjectTable): string | undefined {
  if (recordChecksum(row) !== row.checksum) return 'its record does not match its checksum';
  if (row.data_id !== null) return undefined;
  if (row.bytes === null) return 'its bytes are missing from its row';
  return hash('sha256', row.bytes, 'hex') === row.sha256
    ? undefined
    : 'its bytes in its row do not match its digest';
}

async function whyBodyDamaged(reader: Kysely<ObjectSchema>, row: ObjectTable): Promise<string | undefined> {
  if (row.data_id === null) return undefined;
  const { rows } = await sql<{ size: number | null; present: number }>`
    select sum(length(bytes)) as size,
      (select count(*) from objects where key = ${row.key} and etag = ${row.etag}) as present
    from chunks where data_id = ${row.data_id}
  `.execute(reader);
  const sizeBytes = rows[0]?.size ?? 0;
  // It was deleted or replaced since.
  if (rows[0]?.present !== 1 || sizeBytes === row.size_bytes) return undefined;
  return `its chunks have ${sizeBytes} bytes, not ${row.size_bytes}`;
}
