import { constants } from 'node:fs';
import { unlink } from 'node:fs/promises';
import { resolveRange } from '@holdfast/adapter-kit';
import { type ObjectKey, StorageBackend } from '@holdfast/domain';
import { fileStateOf, isAbsent, isSameFileState } from '@holdfast/files';
import type {
  DeleteResult,
  DeleteTarget,
  GetOptions,
  ObjectInfo,
  ObjectReader,
  OperationContext,
} from '@holdfast/ports';
import { FileReader } from '../file/file-reader.ts';
import { ReadableFile } from '../file/readable-file.ts';
import { assertReadable } from '../read-condition.ts';
import { toStorageError } from '../to-storage-error.ts';
import { toObjectInfo } from './file-state.ts';
import type { FolderTree, Place } from './folder-tree.ts';
import { type Seen, lookAt } from './look-at.ts';
import { changedMeanwhile, maybeWritten, standsInTheWay } from './refusals.ts';

const backend = StorageBackend.LocalFilesystem;

/** Neither follows a symbolic link nor waits for the other end of a pipe; Windows has neither flag. */
const readFlags: number = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** A removed file. */
interface Removal {
  readonly target: DeleteTarget;
  result: DeleteResult;
  /** Where an entry is gone that has to stay gone. */
  readonly folder: string | undefined;
}

/** Finds, opens and removes the files of a tree. */
export class FileAccess {
  readonly #tree: FolderTree;

  constructor(tree: FolderTree) {
    this.#tree = tree;
  }

  async head(key: ObjectKey): Promise<ObjectInfo | undefined> {
    const found = await this.#find(key, { operation: 'head', backend, key });
    return found === undefined ? undefined : toObjectInfo(key, found.seen.stats);
  }

  async get(key: ObjectKey, options: GetOptions): Promise<ObjectReader | undefined> {
    const context: OperationContext = { operation: 'get', backend, key };
    const found = await this.#find(key, context);
    const file = found === undefined ? undefined : await openIfThere(found.place.path);
    if (file === undefined) return undefined;
    try {
      const stats = await file.stat();
      if (stats.isDirectory()) return await closed(file);
      if (!stats.isFile()) throw standsInTheWay(context, found?.place.path ?? '');
      const info = toObjectInfo(key, stats);
      assertReadable(info, options, context);
      return new FileReader(file, info, {
        range: resolveRange(options.range, info.sizeBytes, context),
        assertUnchanged: async () => {
          if (!isSameFileState(fileStateOf(stats), fileStateOf(await file.stat())))
            throw changedMeanwhile(context, found?.place.path ?? '');
        },
      });
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  async localPath(key: ObjectKey): Promise<string | undefined> {
    return (await this.#find(key, { operation: 'localPath', backend, key }))?.place.path;
  }

  /** Removes files, and the folders that are empty then. */
  async delete(
    targets: readonly DeleteTarget[],
    { isSynced }: { readonly isSynced: boolean },
  ): Promise<readonly DeleteResult[]> {
    const removals: Removal[] = [];
    for (const target of targets) removals.push(await this.#remove(target));
    for (const [folder, inFolder] of Map.groupBy(removals, (removal) => removal.folder)) {
      if (folder === undefined) continue;
      try {
        if (isSynced) await this.#tree.syncEntries(folder);
      } catch (error) {
        for (const removal of inFolder)
          removal.result = failed(removal.target, maybeWritten(contextOf(removal.target), error));
      }
      await this.#tree.prune(folder);
    }
    return removals.map(({ result }) => result);
  }

  async #remove(target: DeleteTarget): Promise<Removal> {
    const { key } = target;
    try {
      const found = await this.#find(key, contextOf(target));
      if (found === undefined || !(await unlinked(found.place.path)))
        return { target, result: { key, outcome: 'absent' }, folder: undefined };
      return { target, result: { key, outcome: 'deleted' }, folder: found.place.folder };
    } catch (error) {
      return { target, result: failed(target, error), folder: undefined };
    }
  }

  /** @throws StorageError `invalid-key` when neither a file nor a folder is there. */
  async #find(
    key: ObjectKey,
    context: OperationContext,
  ): Promise<{ readonly place: Place; readonly seen: Seen } | undefined> {
    const place = await this.#tree.find(key, context);
    if (place === undefined) return undefined;
    const seen = await lookAt(place.path);
    if (seen?.kind === 'other') throw standsInTheWay(context, place.path);
    return seen?.kind === 'file' ? { place, seen } : undefined;
  }
}

function contextOf({ key }: DeleteTarget): OperationContext {
  return { operation: 'delete', backend, key };
}

function failed(target: DeleteTarget, error: unknown): DeleteResult {
  return { key: target.key, error: toStorageError(error, contextOf(target)) };
}

async function unlinked(path: string): Promise<boolean> {
  try {
    await unlink(path);
    return true;
  } catch (error) {
    if (isAbsent(error) || (await lookAt(path))?.kind === 'folder') return false;
    throw error;
  }
}

async function closed(file: ReadableFile): Promise<undefined> {
  await file.close();
  return undefined;
}

async function openIfThere(path: string): Promise<ReadableFile | undefined> {
  try {
    return await ReadableFile.open(path, readFlags);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}
