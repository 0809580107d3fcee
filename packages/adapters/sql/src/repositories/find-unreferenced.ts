import type { Digest, UnreferencedObject } from '@holdfast/domain';
import type { Kysely } from 'kysely';
import type { RegistrySchema } from '../schema/registry-schema.ts';
import { chunksOf } from './chunks-of.ts';

/** Those of the digests that no version refers to, each with the latest end of its leases. */
export async function findUnreferenced(
  database: Kysely<RegistrySchema>,
  digests: readonly Digest[],
): Promise<readonly UnreferencedObject[]> {
  const found: UnreferencedObject[] = [];
  for (const chunk of chunksOf([...new Set(digests)].toSorted())) {
    const referenced = await database
      .selectFrom('object_references')
      .select('digest')
      .distinct()
      .where('digest', 'in', chunk)
      .execute();
    const leases = await database
      .selectFrom('leases')
      .select((select) => ['digest', select.fn.max('expires_at').as('leased_until')])
      .where('digest', 'in', chunk)
      .groupBy('digest')
      .execute();
    const isReferenced = new Set<string>(referenced.map(({ digest }) => digest));
    const leasedUntil = new Map<string, string>(leases.map((row) => [row.digest, row.leased_until]));
    for (const digest of chunk.filter((one) => !isReferenced.has(one))) {
      const until = leasedUntil.get(digest);
      found.push(until === undefined ? { digest } : { digest, leasedUntil: until });
    }
  }
  return found;
}
