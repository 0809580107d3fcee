import { mkdir, opendir, readdir, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  type LocalModes,
  syncFolder,
  isAbsent,
  isMissing,
  isTaken,
  type NameRules,
  longestNameBytes,
} from '@holdfast/files';
import type { OperationContext } from '@holdfast/ports';
import { lookAt } from './look-at.ts';
import { doesNotFit, foldsOntoAnother, standsInTheWay } from './refusals.ts';
import { SegmentSpelling } from './segment-spelling.ts';

/** Where the file of an object is, or would be. */
export interface Place {
  readonly folder: string;
  readonly path: string;
}

interface Folder {
  readonly path: string;
  /** Tells it from a folder of the same path that was there before. */
  readonly identity: string;
}

/** A place whose folders are there. */
export interface MadePlace extends Place {
  /** The folders on the way, the outermost first. */
  readonly folders: readonly Folder[];
}

/** How many folders are remembered to be on the disk. */
const mostRemembered = 10_000;

/**
 * The folders below a root, reached step by step: a symbolic link on the way is refused, never followed.
 *
 * Each step is looked at before the next one is taken, so no key leads out of the root. Another program that may change
 * the folders can still put a link in the place of a folder between the look and the step.
 */
export class FolderTree {
  readonly root: string;
  /** Of files and folders that are made. */
  readonly modes: LocalModes;
  readonly spelling: SegmentSpelling;
  readonly #rules: NameRules;
  readonly #onDisk = new Map<string, string>();

  constructor(root: string, rules: NameRules, modes: LocalModes) {
    this.root = root;
    this.modes = modes;
    this.spelling = new SegmentSpelling(rules);
    this.#rules = rules;
  }

  /**
   * Where a key's file is, if its folders are there.
   *
   * @throws StorageError `invalid-key` when something that is neither file nor folder is on the way.
   */
  find(key: string, context: OperationContext): Promise<Place | undefined> {
    return this.#reach(key, (path) => isFolder(path, context));
  }

  /**
   * Where a key's file is to be; makes its folders.
   *
   * @throws StorageError `invalid-key` when a file or something else is on the way, or when the file system takes a
   *   part of the key for another file's name.
   */
  async make(key: string, context: OperationContext): Promise<MadePlace> {
    const folders: Folder[] = [];
    const place = await this.#reach(key, async (path) => {
      folders.push(await makeFolder(path, this.modes.folder, context));
      return true;
    });
    if (place === undefined) throw foldsOntoAnother(context, key);
    return { ...place, folders };
  }

  /** Makes the entry of a file survive a power cut, with the folders on its way. */
  async sync({ folder, folders }: MadePlace): Promise<void> {
    await this.syncEntries(folder);
    for (const { path, identity } of folders) {
      if (this.#onDisk.get(path) === identity) continue;
      await this.syncEntries(dirname(path));
      if (this.#onDisk.size >= mostRemembered) this.#onDisk.clear();
      this.#onDisk.set(path, identity);
    }
  }

  /** Makes the entries of a folder survive a power cut; of the next outer one when it is gone. */
  async syncEntries(folder: string): Promise<void> {
    try {
      await syncFolder(folder);
    } catch (error) {
      if (!isMissing(error) || folder === this.root) throw error;
      await this.syncEntries(dirname(folder));
    }
  }

  /** Removes a folder and those around it as far as they are empty: an empty folder means nothing. */
  async prune(folder: string): Promise<void> {
    try {
      for (let path = folder; path !== this.root; path = dirname(path)) await rmdir(path);
    } catch {
      // It is not empty, or is gone, or is not ours to remove: each is fine.
    }
  }

  /** Removes a folder that holds nothing but empty folders; answers whether it is gone. */
  async removeEmpty(folder: string): Promise<boolean> {
    try {
      for (const entry of await readdir(folder, { withFileTypes: true }))
        if (entry.isDirectory() && !(await this.removeEmpty(join(folder, entry.name)))) return false;
      await rmdir(folder);
      return true;
    } catch (error) {
      return isAbsent(error);
    }
  }

  async #reach(key: string, enter: (path: string) => Promise<boolean>): Promise<Place | undefined> {
    const segments = key.split('/');
    let folder = this.root;
    for (const [index, segment] of segments.entries()) {
      const names = await this.#namesIn(folder, segment);
      if (names === undefined) return undefined;
      const isLast = index === segments.length - 1;
      for (const name of isLast ? names.slice(0, -1) : names) {
        folder = join(folder, name);
        if (!(await enter(folder))) return undefined;
      }
      if (isLast) return { folder, path: join(folder, names.at(-1) ?? '') };
    }
    return undefined;
  }

  /** The names of a segment in a folder: its own where it has one; `undefined` when another file has it. */
  async #namesIn(folder: string, segment: string): Promise<readonly string[] | undefined> {
    const names = this.spelling.spell(segment);
    if (!this.#rules.isFolding || Buffer.byteLength(segment) > longestNameBytes) return names;
    if ((await lookAt(join(folder, segment))) === undefined) return names;
    if (await hasExactly(folder, segment)) return [segment];
    return names[0] === segment ? undefined : names;
  }
}

/** Whether a folder has an entry of exactly this name, where the file system takes others for it too. */
async function hasExactly(folder: string, name: string): Promise<boolean> {
  for await (const entry of await opendir(folder)) if (entry.name === name) return true;
  return false;
}

async function isFolder(path: string, context: OperationContext): Promise<boolean> {
  const kind = (await lookAt(path))?.kind;
  if (kind === 'other') throw standsInTheWay(context, path);
  return kind === 'folder';
}

async function makeFolder(path: string, mode: number, context: OperationContext): Promise<Folder> {
  try {
    await mkdir(path, { mode });
  } catch (error) {
    if (!isTaken(error)) throw error;
  }
  const seen = await lookAt(path);
  if (seen === undefined) return makeFolder(path, mode, context);
  if (seen.kind === 'other') throw standsInTheWay(context, path);
  if (seen.kind === 'file') throw doesNotFit(context, false);
  return { path, identity: `${seen.stats.ino}-${seen.stats.birthtimeNs}` };
}
