import type { RegistryRecord, RegistryStore, Repositories } from '@holdfast/domain';
import { backupError } from './backup-error.ts';
import { batchSize } from './backup-layout.ts';
import type { ObjectHold } from './object-hold.ts';

export interface CommitRegistryOptions {
  readonly hold: ObjectHold;
}

/**
 * Makes a registry of records, all at once: whoever looks sees nothing of them or everything.
 *
 * @throws StorageError `already-exists` when the registry is not empty, `unavailable` when an object may be gone.
 */
export async function commitRegistry(
  registry: RegistryStore,
  records: () => AsyncIterable<RegistryRecord>,
  { hold }: CommitRegistryOptions,
): Promise<void> {
  await registry.unitOfWork(async (repositories) => {
    await assertEmpty(repositories);
    await hold.assertStanding(repositories);
    let batch: RegistryRecord[] = [];
    for await (const record of records()) {
      batch.push(record);
      if (batch.length < batchSize) continue;
      await repositories.archive.insert(batch);
      batch = [];
    }
    await repositories.archive.insert(batch);
  });
}

/** @throws StorageError `already-exists` when the registry is not empty. */
export async function assertEmpty({ archive }: Repositories): Promise<void> {
  if (await archive.isEmpty()) return;
  throw backupError(
    'already-exists',
    'The registry has models already, and a registry is only made in an empty one.',
    {
      hint: 'Name a new database: --set database.url=sqlite:/path/new.db',
    },
  );
}
