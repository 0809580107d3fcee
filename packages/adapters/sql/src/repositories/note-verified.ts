import type { ObjectLocation, UtcTimestamp } from '@holdfast/domain';
import { type Kysely, sql } from 'kysely';
import type { RegistrySchema } from '../schema/registry-schema.ts';
import { chunksOf } from './chunks-of.ts';

/** Notes that locations were found intact, where nobody has changed them since they were seen. */
export async function noteVerified(
  database: Kysely<RegistrySchema>,
  seen: readonly ObjectLocation[],
  verifiedAt: UtcTimestamp,
): Promise<void> {
  for (const chunk of chunksOf(seen)) {
    const rows = chunk.map(
      ({ digest, storeName, key, state, verifiedAt: seenAt }) =>
        sql`(${digest}, ${storeName}, ${key}, ${state}, ${seenAt})`,
    );
    await sql`
      update object_locations set verified_at = ${verifiedAt}, state = 'verified'
      where (digest, store_name, key, state, verified_at) in (values ${sql.join(rows)})
    `.execute(database);
  }
}
