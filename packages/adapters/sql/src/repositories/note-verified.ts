import type { ObjectLocation, UtcTimestamp } from '@holdfast/domain';
import { type Kysely, sql } from 'kysely';
import type { RegistrySchema } from '../schema/registry-schema.ts';
import { chunksOf } from './chunks-of.ts';
import { rowOfLocation } from './object-location-rows.ts';

/** Notes that locations were found intact, where nobody has changed them since they were seen. */
export async function noteVerified(
  database: Kysely<RegistrySchema>,
  seen: readonly ObjectLocation[],
  verifiedAt: UtcTimestamp,
): Promise<void> {
  for (const chunk of chunksOf(seen)) {
    const rows = chunk.map((location) => {
      const { digest, store_name, key, state, verified_at, checksum } = rowOfLocation(location);
      const next = rowOfLocation({ ...location, verifiedAt, state: 'verified' }).checksum;
      return sql`(${digest}, ${store_name}, ${key}, ${state}, ${verified_at}, ${checksum}, ${next})`;
    });
    await sql`
      update object_locations set verified_at = ${verifiedAt}, state = 'verified', checksum = seen.column7
      from (values ${sql.join(rows)}) as seen
      where object_locations.digest = seen.column1 and object_locations.store_name = seen.column2
        and object_locations.key = seen.column3 and object_locations.state = seen.column4
        and object_locations.verified_at = seen.column5 and object_locations.checksum = seen.column6
    `.execute(database);
  }
}
