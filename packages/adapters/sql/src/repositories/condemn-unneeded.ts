import type { Digest, UtcTimestamp } from '@holdfast/domain';
import type { Kysely } from 'kysely';
import type { RegistrySchema } from '../schema/registry-schema.ts';
import { chunksOf } from './chunks-of.ts';

/**
 * Condemns the digests without a reference or a standing lease, ends their lapsed leases,
 * and answers with all condemned ones among them.
 */
export async function condemnUnneeded(
  database: Kysely<RegistrySchema>,
  digests: readonly Digest[],
  now: UtcTimestamp,
): Promise<readonly Digest[]> {
  const condemned: Digest[] = [];
  for (const chunk of chunksOf([...new Set(digests)])) {
    const needed = await neededAmong(database, chunk, now);
    const unneeded = chunk.filter((digest) => !needed.has(digest)).map((digest) => ({ digest }));
    if (unneeded.length > 0) {
      await database
        .insertInto('condemned_objects')
        .values(unneeded)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      const digestsOfLapsed = unneeded.map(({ digest }) => digest);
      await database.deleteFrom('leases').where('digest', 'in', digestsOfLapsed).execute();
    }
    const rows = await database
      .selectFrom('condemned_objects')
      .select('digest')
      .where('digest', 'in', chunk)
      .orderBy('digest')
      .execute();
    condemned.push(...rows.map((row) => row.digest as Digest));
  }
  return condemned;
}

async function neededAmong(
  database: Kysely<RegistrySchema>,
  digests: readonly Digest[],
  now: UtcTimestamp,
): Promise<ReadonlySet<string>> {
  const rows = await database
    .selectFrom('object_references')
    .select('digest')
    .where('digest', 'in', digests)
    .union(
      database
        .selectFrom('leases')
        .select('digest')
        .where('digest', 'in', digests)
        .where('expires_at', '>=', now),
    )
    .execute();
  return new Set(rows.map((row) => row.digest));
}
