import { dirname, relative } from 'node:path';
import { whyDead } from '@holdfast/adapter-kit';
import { StorageBackend, whyNotObjectKey } from '@holdfast/domain';
import { removeFile } from '@holdfast/files';
import {
  type Cancellable,
  type CollectLeftoversOptions,
  type Leftover,
  type LeftoverReport,
  type RebuildReport,
  type RecordDamage,
  StorageError,
  type StoreMaintenance,
  throwIfCancelled,
} from '@holdfast/ports';
import { toStorageError } from '../to-storage-error.ts';
import type { FolderTree } from './folder-tree.ts';
import { lookAt } from './look-at.ts';
import type { PlainRoot } from './plain-root.ts';
import { readFolder } from './read-folder.ts';
import { temporariesBelow } from './temporaries-below.ts';

const backend = StorageBackend.LocalFilesystem;

/** The upkeep of a folder of files: of all that is in it only temporary files of ended writers are ever removed. */
export class PlainUpkeep implements StoreMaintenance {
  readonly #root: PlainRoot;

  constructor(root: PlainRoot) {
    this.#root = root;
  }

  async collectLeftovers(options: CollectLeftoversOptions = {}): Promise<LeftoverReport> {
    try {
      const tree = await this.#root.find();
      return tree === undefined ? { removed: [], kept: [] } : await collect(tree, options);
    } catch (error) {
      throw toStorageError(error, { operation: 'collect', backend });
    }
  }

  /** There are no records; what is told is files that have no key, so that no listing shows them. */
  async *checkRecords(options: Cancellable = {}): AsyncIterable<RecordDamage> {
    try {
      const tree = await this.#root.find();
      if (tree !== undefined) yield* filesWithoutKey(tree, { ...options, folder: tree.root, prefix: '' });
    } catch (error) {
      throw toStorageError(error, { operation: 'verify', backend });
    }
  }

  /** The files are all that there is. */
  snapshot(): Promise<void> {
    return Promise.resolve();
  }

  rebuild(): Promise<RebuildReport> {
    const message = 'The plain layout keeps no records beside the files, so there is nothing to rebuild.';
    return Promise.reject(
      new StorageError({ code: 'already-exists', operation: 'rebuild', backend, message }),
    );
  }
}

async function collect(tree: FolderTree, options: CollectLeftoversOptions): Promise<LeftoverReport> {
  const removed: Leftover[] = [];
  const kept: Leftover[] = [];
  for await (const { path, owner } of temporariesBelow(tree.root)) {
    throwIfCancelled(options.signal, { operation: 'collect', backend });
    const seen = await lookAt(path);
    if (seen?.kind !== 'file') continue;
    const leftover = { name: relative(tree.root, path), sizeBytes: Number(seen.stats.size) };
    const reason = whyDead(owner);
    if (reason === undefined) {
      kept.push({ ...leftover, reason: 'its writer may still be running' });
      continue;
    }
    removed.push({ ...leftover, reason });
    if (options.isDryRun === true) continue;
    await removeFile(path);
    await tree.prune(dirname(path));
  }
  return { removed, kept };
}

async function* filesWithoutKey(
  tree: FolderTree,
  at: Cancellable & { readonly folder: string; readonly prefix: string },
): AsyncGenerator<RecordDamage> {
  throwIfCancelled(at.signal, { operation: 'verify', backend });
  for await (const entry of readFolder(tree.spelling, at.folder)) {
    const key = at.prefix + entry.segment;
    const problem = entry.problem ?? whyNotObjectKey(key);
    if (problem === undefined && !entry.isFolder) continue;
    if (problem === undefined) yield* filesWithoutKey(tree, { ...at, folder: entry.path, prefix: `${key}/` });
    else
      yield {
        key: undefined,
        reason: `the name of ${JSON.stringify(key)} ${problem}, so it cannot be listed`,
      };
  }
}
