import { type Kysely, sql } from 'kysely';
import { sealedPages } from '../repositories/sealed-pages.ts';
import { sealed } from '../repositories/sealed.ts';
import type { RegistrySchema } from './registry-schema.ts';
import { sealedColumns, sealedTables } from './sealed-columns.ts';

/** Gives every row the checksum of what it holds now. */
export async function sealRows(database: Kysely<RegistrySchema>): Promise<void> {
  for (const table of sealedTables) {
    const { key } = sealedColumns(table);
    for await (const page of sealedPages(table, (read) => read(database))) {
      for (const row of page) {
        const { checksum } = sealed(table, row);
        const isRow = sql.join(
          key.map((column) => sql`${sql.ref(column)} = ${row[column]}`),
          sql` and `,
        );
        await sql`update ${sql.table(table)} set checksum = ${checksum} where ${isRow}`.execute(database);
      }
    }
  }
}
