import { mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ModelStorageInfo, SerializationFormat, type TreeEntry, contentKey } from '@holdfast/domain';
import {
  assertFree,
  renamePatiently,
  syncFolder,
  type WriteFileOptions,
  undefinedIfMissing,
} from '@holdfast/files';
import { assertLocalPaths } from './assert-local-paths.ts';
import type { LoadCopyOptions, ObjectCopies } from './copies/object-copies.ts';
import { loadTree } from './load-tree.ts';
import type { JournaledTarget, TargetJournal } from './target-journal.ts';

export type WriteTreeOptions = LoadCopyOptions & Pick<WriteFileOptions, 'overwrite'>;

/**
 * Writes a tree to a folder, each file verified: beside its place under another name, then moved there.
 * It survives a power cut once this returns. When anything fails, what was there stays and nothing else does. The folder
 * around it must be there.
 *
 * @param manifest The tree's manifest object.
 * @throws StorageError as a load does; InvalidValueError when the object is no manifest of a tree.
 * @throws the system's error; `EEXIST` when something is there and `overwrite` is not set.
 */
export async function writeTree(
  copies: ObjectCopies,
  manifest: ModelStorageInfo,
  options: WriteTreeOptions & { readonly path: string; readonly journal: TargetJournal },
): Promise<void> {
  const { path, journal, overwrite = false, onProgress: _onProgress, ...load } = options;
  if (!overwrite) await assertFree(path);
  const { entries, emptyFolders = [] } = await loadTree(copies, manifest, load);
  assertLocalPaths([...entries.map((entry) => entry.path), ...emptyFolders], process.platform);
  await using target = await journal.begin(path);
  const { temporary } = target;
  try {
    await mkdir(temporary);
    await writeEntries(copies, manifest, { entries, folder: temporary, load: options });
    for (const folder of emptyFolders)
      await mkdir(join(temporary, ...folder.split('/')), { recursive: true });
    await syncFolders(temporary);
    await (overwrite ? replace(target) : moveToFreePlace(temporary, path));
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw error;
  }
}

/** Makes the names of everything below a folder survive a power cut. */
async function syncFolders(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true }))
    if (entry.isDirectory()) await syncFolder(join(entry.parentPath, entry.name));
  await syncFolder(folder);
}

interface EntriesToWrite {
  readonly entries: readonly TreeEntry[];
  readonly folder: string;
  readonly load: LoadCopyOptions;
}

async function writeEntries(
  copies: ObjectCopies,
  manifest: ModelStorageInfo,
  { entries, folder, load }: EntriesToWrite,
): Promise<void> {
  const totalBytes = entries.reduce((sum, entry) => sum + entry.sizeBytes, 0);
  let doneBytes = 0;
  for (const entry of entries) {
    const target = join(folder, ...entry.path.split('/'));
    await mkdir(dirname(target), { recursive: true });
    const before = doneBytes;
    await copies.loadToFile(infoOf(entry, manifest), target, {
      signal: load.signal,
      store: load.store,
      onTrouble: load.onTrouble,
      executable: entry.executable === true,
      sync: 'bytes',
      onProgress: ({ bytes }) => load.onProgress?.({ phase: 'read', bytes: before + bytes, totalBytes }),
    });
    doneBytes += entry.sizeBytes;
  }
}

/** Where a file of a tree is stored is asked by its digest. */
function infoOf(entry: TreeEntry, manifest: ModelStorageInfo): ModelStorageInfo {
  return ModelStorageInfo.of({
    storageBackend: manifest.storageBackend,
    ...(manifest.storeName === undefined ? {} : { storeName: manifest.storeName }),
    storagePath: contentKey(entry.digest),
    sizeBytes: entry.sizeBytes,
    checksum: entry.digest,
    format: SerializationFormat.Binary,
  });
}

/** A folder renamed over something else than an empty folder is refused, and the system says it in several ways. */
async function moveToFreePlace(from: string, to: string): Promise<void> {
  try {
    await renamePatiently(from, to);
  } catch (error) {
    await assertFree(to);
    throw error;
  }
  await syncFolder(dirname(to));
}

/** A folder cannot be renamed over one that has files, so the old one steps aside first and goes last. */
async function replace({ path, temporary, aside, willReplace }: JournaledTarget): Promise<void> {
  await willReplace();
  const hadOld = await renamePatiently(path, aside).then(() => true, undefinedIfMissing);
  try {
    await renamePatiently(temporary, path);
  } catch (error) {
    if (hadOld) await renamePatiently(aside, path);
    throw error;
  }
  // The old folder must not come back without the files that are removed from it.
  await syncFolder(dirname(path));
  if (hadOld) await rm(aside, { recursive: true, force: true });
}
