import { randomUUID } from 'node:crypto';
import { StorageBackend } from '@holdfast/domain';
import type { Cancellable } from '@holdfast/ports';
import type { ObjectDatabase } from './object-database.ts';

/** Finds out whether the store can be written to, by two commits that leave nothing. */
export async function writeProbe(database: ObjectDatabase, options: Cancellable): Promise<void> {
  const context = { operation: 'check', backend: StorageBackend.Database };
  const dataId = randomUUID();
  await database.write(
    context,
    (transaction) =>
      transaction
        .insertInto('bodies')
        .values({ data_id: dataId, state: 'unused', owner: null })
        .onConflict((conflict) => conflict.doNothing())
        .execute(),
    options,
  );
  await database.write(
    context,
    (transaction) => transaction.deleteFrom('bodies').where('data_id', '=', dataId).execute(),
    options,
  );
}
