import type { BigIntStats } from 'node:fs';
import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { basename, isAbsolute, join, relative } from 'node:path';
import { InvalidValueError, compareKeys, whyNotObjectKey } from '@holdfast/domain';
import { type FileState, fileStateOf } from '@holdfast/files';
import { decodeFileName } from './decode-file-name.ts';
import { type OwnPlaces, storeMarkerName } from './own-places.ts';
import { forbiddenInput } from './registry-error.ts';

/** A file found below a folder. */
export interface FolderFile {
  /** Relative to the folder, with `/` between folders. */
  readonly path: string;
  /** Where it is stored. */
  readonly location: string;
  readonly sizeBytes: number;
  readonly isExecutable: boolean;
  readonly state: FileState;
}

/** What a version of a folder is made of, each sorted by path. */
export interface WalkedFolder {
  readonly files: readonly FolderFile[];
  /** Folders without files and without folders. */
  readonly emptyFolders: readonly string[];
  /** What never goes into a version: stores, registries and `.git`. */
  readonly leftOut: readonly string[];
}

export interface WalkFolderOptions {
  readonly own: OwnPlaces;
  /** Take what links lead to, wherever it is, and folders too. */
  readonly followLinks: boolean;
  /** What is done with the folder, for errors. @default 'stored' */
  readonly purpose?: 'stored' | 'inspected' | undefined;
}

/**
 * Finds what a version of a folder is made of. A link to a file of the folder counts as that file, as the snapshots
 * of other tools are made of such links.
 *
 * @throws StorageError `invalid-argument` for what cannot be stored: a broken link, a device, a name that is not
 *   valid UTF-8; unless `followLinks` is set also a link to a folder and one that leads out of the folder.
 * @throws InvalidValueError for a path that cannot be in a tree: too long, too deep, with control characters.
 * @throws the system's error when the folder, or something in it, cannot be read.
 */
export async function walkFolder(folder: string, options: WalkFolderOptions): Promise<WalkedFolder> {
  const root = await realpath(folder);
  const walk = new FolderWalk(root, options);
  await walk.visit({ path: '', location: folder, real: root, above: [] });
  return walk.found;
}

interface Folder {
  readonly path: string;
  readonly location: string;
  /** Where it is when every link is followed. */
  readonly real: string;
  /** The folders around it, in the same form: a link to one of them leads in a circle. */
  readonly above: readonly string[];
}

class FolderWalk {
  readonly #root: string;
  readonly #options: WalkFolderOptions;
  readonly #files: FolderFile[] = [];
  readonly #emptyFolders: string[] = [];
  readonly #leftOut: string[] = [];

  constructor(root: string, options: WalkFolderOptions) {
    this.#root = root;
    this.#options = options;
  }

  get found(): WalkedFolder {
    return {
      files: this.#files.toSorted((a, b) => compareKeys(a.path, b.path)),
      emptyFolders: this.#emptyFolders.toSorted(compareKeys),
      leftOut: this.#leftOut.toSorted(compareKeys),
    };
  }

  /** @returns whether the folder is a part of the version. */
  async visit(folder: Folder): Promise<boolean> {
    const entries = await readdir(folder.location, { encoding: 'buffer' });
    const names = entries.map((name) => decodeFileName(name, folder.location));
    if (names.includes(storeMarkerName)) {
      if (folder.path === '')
        throw this.#refusal(folder.location, 'is a store of Holdfast', 'Name another folder.');
      this.#leftOut.push(folder.path);
      return false;
    }
    let isEmpty = true;
    for (const name of names) if (await this.#take(name, folder)) isEmpty = false;
    if (isEmpty && folder.path !== '') this.#emptyFolders.push(folder.path);
    return true;
  }

  /** @returns whether the folder has it in a version. */
  async #take(name: string, folder: Folder): Promise<boolean> {
    const path = folder.path === '' ? name : `${folder.path}/${name}`;
    const location = join(folder.location, name);
    const found = await lstat(location, { bigint: true });
    const isLink = found.isSymbolicLink();
    const real = isLink ? await this.#targetOf(location) : join(folder.real, name);
    if (this.#options.own.isLeftOut(location, real)) {
      this.#leftOut.push(path);
      return false;
    }
    const target = isLink ? await this.#follow(location, real) : found;
    assertPath(path);
    if (target.isFile()) this.#files.push(describe(path, location, target));
    else if (target.isDirectory())
      return await this.#enter({ path, location, real, above: [...folder.above, folder.real] });
    else throw this.#refusal(location, 'is neither a file nor a folder');
    return true;
  }

  #enter(folder: Folder): Promise<boolean> {
    if (folder.above.includes(folder.real))
      throw this.#refusal(folder.location, 'is a link that leads in a circle');
    return this.visit(folder);
  }

  async #follow(location: string, real: string): Promise<BigIntStats> {
    const target = await stat(real, { bigint: true });
    if (this.#options.followLinks) return target;
    if (target.isDirectory()) throw this.#refusal(location, 'is a link to a folder', followHint);
    if (isBelow(this.#root, real) || !target.isFile()) return target;
    throw this.#refusal(location, `is a link that leads out of the folder, to ${real}`, followHint);
  }

  async #targetOf(location: string): Promise<string> {
    try {
      return await realpath(location);
    } catch (error) {
      const { code } = error as { readonly code?: unknown };
      if (!['ENOENT', 'ENOTDIR', 'ELOOP'].includes(String(code))) throw error;
      throw this.#refusal(location, 'is a broken link');
    }
  }

  #refusal(location: string, what: string, hint = 'Remove it, or put a copy in its place.'): Error {
    const { purpose = 'stored' } = this.#options;
    return forbiddenInput(`${location} ${what}, which cannot be ${purpose}.`, hint);
  }
}

const followHint = 'Put a copy in its place, or take what links lead to with --follow-links.';

function describe(path: string, location: string, found: BigIntStats): FolderFile {
  const isExecutable = (found.mode & 0o100n) !== 0n;
  return { path, location, sizeBytes: Number(found.size), isExecutable, state: fileStateOf(found) };
}

function isBelow(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith('../') && !way.startsWith('..\\') && !isAbsolute(way);
}

function assertPath(path: string): void {
  const reason = whyNotObjectKey(path);
  if (reason === undefined) return;
  const hint = `Rename ${basename(path)}, or move it out of the folder.`;
  throw new InvalidValueError({ field: 'path', value: path, reason, hint });
}
