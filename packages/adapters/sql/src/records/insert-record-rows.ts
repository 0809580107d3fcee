import { type FieldValue } from '@holdfast/domain';
import { type Kysely, sql } from 'kysely';
import { registryErrors } from '../registry-errors.ts';
import { chunksOf } from '../repositories/chunks-of.ts';
import type { RegistrySchema } from '../schema/registry-schema.ts';

type Row = Readonly<Record<string, FieldValue>>;

/** Rows of records have many columns, and a statement takes only so many values. */
const rowsAtOnce = 200;

/**
 * Writes rows that are new, all of the same columns.
 *
 * @throws StorageError `already-exists` when an id or a unique value of one is taken.
 */
export async function insertRecordRows(
  database: Kysely<RegistrySchema>,
  rows: readonly Row[],
  { table, operation }: { readonly table: string; readonly operation: string },
): Promise<void> {
  for (const chunk of chunksOf(rows, rowsAtOnce)) {
    const inserted = await insertRows(database, chunk, table);
    const isInserted = new Set(inserted);
    const refused = chunk.find(({ id }) => !isInserted.has(String(id)));
    if (refused !== undefined) throw registryErrors.taken(operation, String(refused['id']));
  }
}

async function insertRows(
  database: Kysely<RegistrySchema>,
  rows: readonly Row[],
  table: string,
): Promise<readonly string[]> {
  const columns = Object.keys(rows[0] ?? {});
  const values = rows.map((row) => sql`(${sql.join(columns.map((column) => row[column]))})`);
  const answer = await sql<{ readonly id: string }>`
    insert into ${sql.table(table)} (${sql.join(columns.map((column) => sql.ref(column)))})
    values ${sql.join(values)} on conflict do nothing returning id`.execute(database);
  return answer.rows.map(({ id }) => id);
}
