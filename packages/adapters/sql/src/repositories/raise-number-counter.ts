import type { Kysely } from 'kysely';
import type { RegistrySchema } from '../schema/registry-schema.ts';
import { assertSealed, sealed } from './sealed.ts';

/** Makes sure that a name's next version number is greater than `number`. */
export async function raiseNumberCounter(
  database: Kysely<RegistrySchema>,
  name: string,
  number: number,
): Promise<void> {
  if (((await storedCounter(database, name)) ?? 0) >= number) return;
  const row = sealed('number_counters', { name, last: number });
  await database
    .insertInto('number_counters')
    .values(row)
    .onConflict((conflict) => conflict.column('name').doUpdateSet(row))
    .execute();
}

/** The greatest number that was given out for a name. */
export async function storedCounter(
  database: Kysely<RegistrySchema>,
  name: string,
): Promise<number | undefined> {
  const counter = await database
    .selectFrom('number_counters')
    .selectAll()
    .where('name', '=', name)
    .executeTakeFirst();
  assertSealed('number_counters', counter);
  return counter?.last;
}
