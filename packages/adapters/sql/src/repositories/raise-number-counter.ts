import type { Kysely } from 'kysely';
import type { RegistrySchema } from '../schema/registry-schema.ts';

/** Makes sure that a name's next version number is greater than `number`. */
export async function raiseNumberCounter(
  database: Kysely<RegistrySchema>,
  name: string,
  number: number,
): Promise<void> {
  await database
    .insertInto('number_counters')
    .values({ name, last: number })
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet({ last: number }).where('number_counters.last', '<', number),
    )
    .execute();
}
