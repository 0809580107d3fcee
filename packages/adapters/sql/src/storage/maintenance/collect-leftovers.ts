import { StorageBackend } from '@holdfast/domain';
import { type CollectLeftoversOptions, type Leftover, type LeftoverReport } from '@holdfast/ports';
import { type Kysely, sql } from 'kysely';
import type { ObjectDatabase } from '../object-database.ts';
import type { ObjectSchema } from '../object-schema.ts';
import { removeBodies } from '../remove-bodies.ts';

/** Bodies that are looked at together. */
const pageSize = 100;
const context = { operation: 'collect', backend: StorageBackend.Database };

interface Candidate {
  readonly data_id: string;
  readonly state: string;
  readonly owner: string | null;
}

/**
 * Removes what killed writers staged, and bodies of replaced objects that were read when they should have gone.
 * A staged body is taken from its writer in a transaction, so that of writer and collector one wins.
 */
export async function collectLeftovers(
  database: ObjectDatabase,
  options: CollectLeftoversOptions,
): Promise<LeftoverReport> {
  const removed: Leftover[] = [];
  const kept: Leftover[] = [];
  let after = '';
  for (;;) {
    const candidates = await readCandidates(database, after, options);
    for (const candidate of candidates) {
      const { isGone, leftover } = await settle(database, candidate, options);
      (isGone ? removed : kept).push(leftover);
    }
    const last = candidates.at(-1);
    if (last === undefined) return { removed, kept };
    after = last.data_id;
  }
}

function readCandidates(
  database: ObjectDatabase,
  after: string,
  { signal }: CollectLeftoversOptions,
): Promise<readonly Candidate[]> {
  return database.read(
    context,
    (reader) =>
      reader
        .selectFrom('bodies')
        .select(['data_id', 'state', 'owner'])
        .where('state', '<>', 'stored')
        .where('data_id', '>', after)
        .orderBy('data_id')
        .limit(pageSize)
        .execute(),
    { signal },
  );
}

async function settle(
  database: ObjectDatabase,
  { data_id: dataId, state, owner }: Candidate,
  options: CollectLeftoversOptions,
): Promise<{ readonly isGone: boolean; readonly leftover: Leftover }> {
  const { isDryRun = false, signal } = options;
  const sizeBytes = await database.read(context, (reader) => sizeOf(reader, dataId), { signal });
  const found = (reason: string): Leftover => ({ name: `body ${dataId}`, sizeBytes, reason });
  const gone = await database.write(
    context,
    async (transaction) => {
      if (state === 'unused') {
        const isFree = await database.presence.isFree(transaction, dataId);
        return isFree ? 'its object was replaced or deleted' : undefined;
      }
      const reason = await database.presence.whyGone(transaction, owner ?? '');
      if (reason === undefined || isDryRun) return reason;
      await transaction
        .updateTable('bodies')
        .set({ state: 'unused', owner: null })
        .where('data_id', '=', dataId)
        .where('state', '=', 'staged')
        .execute();
      return reason;
    },
    { signal },
  );
  if (gone === undefined) {
    const reason = state === 'unused' ? 'it is being read' : 'its writer may still be running';
    return { isGone: false, leftover: found(reason) };
  }
  const isGone = isDryRun || (await removeBodies(database, [dataId], { signal })).length > 0;
  return { isGone, leftover: found(isGone ? gone : 'it is being read, or became an object') };
}

async function sizeOf(reader: Kysely<ObjectSchema>, dataId: string): Promise<number> {
  const { rows } = await sql<{ size: number | null }>`
    select sum(length(bytes)) as size from chunks where data_id = ${dataId}
  `.execute(reader);
  return rows[0]?.size ?? 0;
}
