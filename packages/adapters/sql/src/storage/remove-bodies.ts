import { StorageBackend } from '@holdfast/domain';
import type { Cancellable } from '@holdfast/ports';
import type { ObjectDatabase } from './object-database.ts';

/** Chunks that one transaction deletes. */
const chunksAtOnce = 64;

/**
 * Deletes bodies that are nobody's any more and that nobody reads, in small transactions, the first chunks first: who
 * finds the first chunk of a body and holds it then has all of them. What is left is left to the next collection.
 *
 * @returns the ids of those that are gone.
 */
export async function removeBodies(
  database: ObjectDatabase,
  dataIds: readonly string[],
  options: Cancellable = {},
): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const dataId of dataIds) {
    let state: 'more' | 'gone' | 'held' = 'more';
    while (state === 'more') state = await removeSome(database, dataId, options);
    if (state === 'gone') removed.push(dataId);
  }
  return removed;
}

function removeSome(
  database: ObjectDatabase,
  dataId: string,
  options: Cancellable,
): Promise<'more' | 'gone' | 'held'> {
  const context = { operation: 'collect', backend: StorageBackend.Database };
  return database.write(
    context,
    async (transaction) => {
      if (!(await database.presence.isFree(transaction, dataId))) return 'held';
      const body = await transaction
        .selectFrom('bodies')
        .select('state')
        .where('data_id', '=', dataId)
        .executeTakeFirst();
      if (body === undefined) return 'gone';
      if (body.state !== 'unused') return 'held';
      const first = await transaction
        .selectFrom('chunks')
        .select((select) => select.fn.min('position').as('position'))
        .where('data_id', '=', dataId)
        .executeTakeFirst();
      const position = first?.position as number | null | undefined;
      if (position === null || position === undefined) {
        await transaction.deleteFrom('bodies').where('data_id', '=', dataId).execute();
        return 'gone';
      }
      await transaction
        .deleteFrom('chunks')
        .where('data_id', '=', dataId)
        .where('position', '<', position + chunksAtOnce)
        .execute();
      return 'more';
    },
    options,
  );
}
