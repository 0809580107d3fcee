import { StorageBackend } from '@holdfast/domain';
import type { ObjectDatabase } from './object-database.ts';

/** Gives up staged bodies, so that they can be removed. One that became an object stays what it is. */
export async function abandonBodies(database: ObjectDatabase, dataIds: readonly string[]): Promise<void> {
  if (dataIds.length === 0) return;
  await database.write({ operation: 'put', backend: StorageBackend.Database }, (transaction) =>
    transaction
      .updateTable('bodies')
      .set({ state: 'unused', owner: null })
      .where('data_id', 'in', dataIds)
      .where('state', '=', 'staged')
      .execute(),
  );
}
