import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder, removeFile, renamePatiently, syncFolder, undefinedIfMissing } from '@holdfast/files';
import { temporaryName } from '../../file/temporary-name.ts';
import type { ObjectStore } from '../object-store.ts';

/** How many snapshots are kept. */
const keptSnapshots = 3;

const namePattern = /^index-\d+\.db$/;

/** Writes a copy of the index into the store's `snapshots` folder and forgets the oldest ones. */
export async function takeSnapshot(store: ObjectStore, root: string): Promise<void> {
  const folder = join(root, 'snapshots');
  await makeFolder(folder, store.data.modes.folder);
  const temporary = join(root, 'tmp', temporaryName(`snapshot${Date.now()}`));
  try {
    store.index.copyTo(temporary);
  } catch (error) {
    await removeFile(temporary);
    throw error;
  }
  await renamePatiently(temporary, join(folder, `index-${String(Date.now()).padStart(15, '0')}.db`));
  await syncFolder(folder);
  for (const name of (await listSnapshots(root)).slice(keptSnapshots)) await removeFile(join(folder, name));
}

/** The names of the snapshots, the newest first. */
export async function listSnapshots(root: string): Promise<readonly string[]> {
  const names = (await readdir(join(root, 'snapshots')).catch(undefinedIfMissing)) ?? [];
  return names
    .filter((name) => namePattern.test(name))
    .toSorted()
    .toReversed();
}
