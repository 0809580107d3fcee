import type { Digest, ReferenceOwner } from '@holdfast/domain';
import { printReferenceOwner } from '@holdfast/domain';
import type { Kysely } from 'kysely';
import { registryErrors } from '../registry-errors.ts';
import { chunksOf } from '../repositories/chunks-of.ts';
import { sealed } from '../repositories/sealed.ts';
import type { RegistrySchema } from '../schema/registry-schema.ts';

type Database = Kysely<RegistrySchema>;

/** What an owner needs, sorted. */
export async function readReferences(database: Database, owner: ReferenceOwner): Promise<readonly Digest[]> {
  const rows = await database
    .selectFrom('object_references')
    .select('digest')
    .where('owner', '=', printReferenceOwner(owner))
    .orderBy('digest')
    .execute();
  return rows.map((row) => row.digest as Digest);
}

/** Notes what an owner needs, beside what it is known to need. */
export async function insertReferences(
  database: Database,
  references: readonly { readonly owner: ReferenceOwner; readonly digests: Iterable<Digest> }[],
): Promise<void> {
  const rows = references.flatMap(({ owner, digests }) =>
    Array.from(digests, (digest) =>
      sealed('object_references', { owner: printReferenceOwner(owner), digest }),
    ),
  );
  for (const chunk of chunksOf(rows)) {
    await database
      .insertInto('object_references')
      .values(chunk)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}

export async function deleteReferences(database: Database, owner: ReferenceOwner): Promise<void> {
  await database.deleteFrom('object_references').where('owner', '=', printReferenceOwner(owner)).execute();
}

/** What changes of an owner's references. */
export interface ChangedReferences {
  readonly added: ReadonlySet<Digest>;
  readonly removed: ReadonlySet<Digest>;
}

/**
 * What changes when an owner needs these digests.
 *
 * @throws StorageError `locked` when one that is new is about to be deleted.
 */
export async function compareReferences(
  database: Database,
  owner: ReferenceOwner,
  { digests, operation }: { readonly digests: readonly Digest[]; readonly operation: string },
): Promise<ChangedReferences> {
  const [before, after] = [new Set(await readReferences(database, owner)), new Set(digests)];
  const added = after.difference(before);
  for (const chunk of chunksOf([...added])) {
    const condemned = await database
      .selectFrom('condemned_objects')
      .select('digest')
      .where('digest', 'in', chunk)
      .executeTakeFirst();
    if (condemned !== undefined) throw registryErrors.condemned(operation, condemned.digest as Digest);
  }
  return { added, removed: before.difference(after) };
}

/** Writes what {@link compareReferences} found. */
export async function changeReferences(
  database: Database,
  owner: ReferenceOwner,
  { added, removed }: ChangedReferences,
): Promise<void> {
  await insertReferences(database, [{ owner, digests: added }]);
  for (const chunk of chunksOf([...removed])) {
    await database
      .deleteFrom('object_references')
      .where('owner', '=', printReferenceOwner(owner))
      .where('digest', 'in', chunk)
      .execute();
  }
}
