import { type ReferenceOwner, seriesDescriptors } from '@holdfast/domain';
import { type Kysely, sql } from 'kysely';
import { pointsTable, seriesTable } from '../schema/record-tables.ts';
import type { RegistrySchema } from '../schema/registry-schema.ts';

/** Removes every series that belongs to a record. */
export async function deleteSeriesOf(
  database: Kysely<RegistrySchema>,
  { kind, id }: ReferenceOwner,
): Promise<void> {
  for (const descriptor of seriesDescriptors.filter(({ owner }) => owner.kind === kind)) {
    const series = sql.table(seriesTable(descriptor.kind));
    await sql`delete from ${sql.table(pointsTable(descriptor.kind))} where series in (
      select series from ${series} where owner = ${id})`.execute(database);
    await sql`delete from ${series} where owner = ${id}`.execute(database);
  }
}
