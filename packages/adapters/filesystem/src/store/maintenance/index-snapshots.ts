import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder, syncFolder } from '@holdfast/adapter-kit';
import { temporaryName } from '../../file/temporary-name.ts';
import { unlinkIfThere } from '../../file/unlink-if-there.ts';
import { isMissing } from '../../to-storage-error.ts';
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
    await unlinkIfThere(temporary);
    throw error;
  }
  await rename(temporary, join(folder, `index-${String(Date.now()).padStart(15, '0')}.db`));
  await syncFolder(folder);
  for (const name of (await listSnapshots(root)).slice(keptSnapshots))
    await unlinkIfThere(join(folder, name));
}

/** The names of the snapshots, the newest first. */
export async function listSnapshots(root: string): Promise<readonly string[]> {
  try {
    const names = await readdir(join(root, 'snapshots'));
    return names
      .filter((name) => namePattern.test(name))
      .toSorted()
      .toReversed();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
