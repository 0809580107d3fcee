import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseIdentity, whyDead } from '@holdfast/adapter-kit';
import { StorageBackend } from '@holdfast/domain';
import { removeFile, undefinedIfMissing } from '@holdfast/files';
import {
  type CollectLeftoversOptions,
  type Leftover,
  type LeftoverReport,
  throwIfCancelled,
} from '@holdfast/ports';
import type { ObjectStore } from '../object-store.ts';

interface Collection {
  readonly removed: Leftover[];
  readonly kept: Leftover[];
}

/**
 * Removes what interrupted writers left: their temporaries, and data files that no record refers to.
 *
 * A writer's temporary stands before its data file and until its record is committed. So a data file that was listed
 * first, has no temporary afterwards and no record after that will never have one: ids are not used again.
 * Of a store whose making was interrupted there are only temporaries.
 */
export async function collectLeftovers(
  store: ObjectStore | undefined,
  root: string,
  options: CollectLeftoversOptions,
): Promise<LeftoverReport> {
  const collection: Collection = { removed: [], kept: [] };
  const abandoned = await collectTemporaries(join(root, 'tmp'), options, collection);
  if (store === undefined) return collection;
  for (const shard of await listIfThere(join(root, 'data'))) {
    throwIfCancelled(options.signal, { operation: 'collect', backend: StorageBackend.LocalFilesystem });
    const dataIds = await listIfThere(join(root, 'data', shard));
    const isProtected = await protectedIds(join(root, 'tmp'), abandoned);
    const unreferenced = await store.writer.write(() =>
      dataIds.filter((dataId) => !isProtected.has(dataId) && !store.index.refersTo(dataId)),
    );
    await removeDataFiles(store, unreferenced, { ...options, collection });
  }
  return collection;
}

/** Removes the temporaries of writers that have ended; answers the ids that they protected. */
async function collectTemporaries(
  folder: string,
  options: CollectLeftoversOptions,
  collection: Collection,
): Promise<ReadonlySet<string>> {
  const abandoned = new Set<string>();
  for (const name of await listIfThere(folder)) {
    const path = join(folder, name);
    const sizeBytes = await sizeIfThere(path);
    if (sizeBytes === undefined) continue;
    const owner = parseIdentity(name);
    const reason = owner === undefined ? undefined : whyDead(owner);
    if (reason === undefined) {
      collection.kept.push({ name: `tmp/${name}`, sizeBytes, reason: 'its writer may still be running' });
      continue;
    }
    abandoned.add(idOf(name));
    collection.removed.push({ name: `tmp/${name}`, sizeBytes, reason });
    if (options.isDryRun !== true) await removeFile(path);
  }
  return abandoned;
}

async function protectedIds(folder: string, abandoned: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  const ids = (await listIfThere(folder)).map(idOf);
  return new Set(ids.filter((id) => !abandoned.has(id)));
}

async function removeDataFiles(
  store: ObjectStore,
  dataIds: readonly string[],
  options: CollectLeftoversOptions & { readonly collection: Collection },
): Promise<void> {
  for (const dataId of dataIds) {
    const sizeBytes = await sizeIfThere(store.data.pathOf(dataId));
    if (sizeBytes === undefined) continue;
    const name = `data/${dataId.slice(0, 2)}/${dataId}`;
    options.collection.removed.push({ name, sizeBytes, reason: 'no record refers to it' });
  }
  if (options.isDryRun === true) return;
  await store.unused.release(dataIds);
  await store.unused.flush();
}

function idOf(temporaryName: string): string {
  return temporaryName.slice(temporaryName.lastIndexOf('-') + 1);
}

async function listIfThere(folder: string): Promise<readonly string[]> {
  return (await readdir(folder).catch(undefinedIfMissing)) ?? [];
}

async function sizeIfThere(path: string): Promise<number | undefined> {
  return (await lstat(path).catch(undefinedIfMissing))?.size;
}
