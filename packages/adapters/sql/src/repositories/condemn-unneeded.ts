import type { CondemnOptions, Digest, UtcTimestamp } from '@holdfast/domain';
import type { Kysely } from 'kysely';
import type { RegistrySchema } from '../schema/registry-schema.ts';
import { chunksOf } from './chunks-of.ts';
import { printStoreNames } from './condemnation-rows.ts';

/**
 * Condemns the digests without a reference, a standing lease or another condemnation, ends their lapsed leases,
 * and answers with those among them that the owner has condemned.
 */
export async function condemnUnneeded(
  database: Kysely<RegistrySchema>,
  digests: readonly Digest[],
  { now, by, storeNames }: CondemnOptions,
): Promise<readonly Digest[]> {
  const owned = { owner: by, store_names: printStoreNames(storeNames) };
  const condemned: Digest[] = [];
  for (const chunk of chunksOf([...new Set(digests)])) {
    const needed = await neededAmong(database, chunk, now);
    const unneeded = chunk.filter((digest) => !needed.has(digest));
    if (unneeded.length > 0) {
      await database
        .insertInto('condemned_objects')
        .values(unneeded.map((digest) => ({ digest, ...owned })))
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      await database.deleteFrom('leases').where('digest', 'in', unneeded).execute();
    }
    const rows = await database
      .selectFrom('condemned_objects')
      .select('digest')
      .where('digest', 'in', chunk)
      .where('owner', '=', by)
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
