import { type AnyRecordDescriptor, rankedField } from '@holdfast/domain';
import { type Kysely, sql } from 'kysely';
import { fieldColumn, rankColumn, recordTable } from '../schema/record-tables.ts';
import type { RegistrySchema } from '../schema/registry-schema.ts';
import { type RecordRow, recordColumns, recordOfRow } from './record-rows.ts';

/** A field that was indexed after records were stored. */
export interface FilledField {
  readonly descriptor: AnyRecordDescriptor;
  readonly field: string;
}

/** So that other writers wait for a moment only. */
const recordsAtOnce = 500;

/**
 * Fills in the column of a field for some records, from where an earlier call left off.
 *
 * @returns whether it is filled in for all of them.
 */
export async function fillField(
  database: Kysely<RegistrySchema>,
  { descriptor, field }: FilledField,
): Promise<boolean> {
  const table = recordTable(descriptor.kind);
  const key = `filled ${descriptor.kind} ${field}`;
  const noted = await database.selectFrom('meta').select('value').where('key', '=', key).executeTakeFirst();
  const rows = await database
    .selectFrom(sql.table<RecordRow>(table).as('record'))
    .select(recordColumns)
    .where('id', '>', noted?.value ?? '')
    .orderBy('id')
    .limit(recordsAtOnce)
    .execute();
  for (const row of rows) {
    const { rank, value } = rankedField(descriptor, recordOfRow(descriptor, row), field);
    await sql`
      update ${sql.table(table)} set ${sql.ref(rankColumn(field))} = ${rank}, ${sql.ref(fieldColumn(field))} = ${value}
      where id = ${row.id}`.execute(database);
  }
  const last = rows.at(-1)?.id;
  if (last === undefined || rows.length < recordsAtOnce) {
    await database.deleteFrom('meta').where('key', '=', key).execute();
    return true;
  }
  await database
    .insertInto('meta')
    .values({ key, value: last })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: last }))
    .execute();
  return false;
}
