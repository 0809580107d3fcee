import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { StorageBackend } from '@holdfast/domain';
import { type LocalModes, makeFolder, isMissing } from '@holdfast/files';
import { StorageError } from '@holdfast/ports';
import { FolderTree } from './folder-tree.ts';
import { lookAt } from './look-at.ts';
import { probeNameRules } from './probe-name-rules.ts';

export interface PlainRootOptions {
  readonly root: string;
  /** Whether a missing folder reads as empty and is made by the first write. */
  readonly createIfMissing: boolean;
  /** Of what is made in the folder. */
  readonly modes: LocalModes;
}

const markerName = 'holdfast-store.json';
const longestMarkerBytes = 4_096n;

/** The folder that is a store, looked at when it is first needed. */
export class PlainRoot {
  readonly #options: PlainRootOptions;
  #tree: FolderTree | undefined;

  constructor(options: PlainRootOptions) {
    this.#options = options;
  }

  /**
   * The folder, or `undefined` where there is none yet and one may be made.
   *
   * @throws StorageError `not-found` where there is none and none may be made, `invalid-configuration` when it is no
   *   folder, or holds a store of the other layout.
   */
  async find(): Promise<FolderTree | undefined> {
    const tree = this.#tree ?? (await this.#open({ mayWrite: false }));
    if (tree !== undefined || this.#options.createIfMissing) return tree;
    throw new StorageError({
      code: 'not-found',
      operation: 'open',
      backend: StorageBackend.LocalFilesystem,
      message: `There is no folder ${this.#options.root}.`,
      hint: 'Check the path, or let the folder be made there.',
    });
  }

  /** The folder, made if need be. */
  async make(): Promise<FolderTree> {
    const found = await this.find();
    if (found !== undefined && found === this.#tree) return found;
    if (found === undefined) await makeFolder(this.#options.root, this.#options.modes.folder);
    return (await this.#open({ mayWrite: true })) ?? this.make();
  }

  /** Only what is certain is kept: an empty folder does not tell yet what it makes of names. */
  async #open(options: { readonly mayWrite: boolean }): Promise<FolderTree | undefined> {
    const root = await realpathIfThere(this.#options.root);
    if (root === undefined) return undefined;
    if ((await lookAt(root))?.kind !== 'folder') throw invalid(`${root} is not a folder.`);
    await refuseStore(root);
    const rules = await probeNameRules(root, options);
    const known = rules ?? { isFolding: false, isWindows: process.platform === 'win32' };
    const tree = new FolderTree(root, known, this.#options.modes);
    if (rules !== undefined) this.#tree ??= tree;
    return this.#tree ?? tree;
  }
}

async function realpathIfThere(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** The files of the store layout are not objects, and must not be touched as if they were. */
async function refuseStore(root: string): Promise<void> {
  const path = join(root, markerName);
  const seen = await lookAt(path);
  if (seen?.kind !== 'file' || seen.stats.size > longestMarkerBytes) return;
  if (!isMarker(await readFile(path, 'utf8'))) return;
  throw invalid(
    `The folder ${root} holds a store of the store layout.`,
    'Open it without layout: plain, or name another folder.',
  );
}

function isMarker(text: string): boolean {
  try {
    const { layout, storeId } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    return typeof layout === 'number' && typeof storeId === 'string';
  } catch {
    return false;
  }
}

function invalid(message: string, hint?: string): StorageError {
  const backend = StorageBackend.LocalFilesystem;
  return new StorageError({ code: 'invalid-configuration', operation: 'open', backend, message, hint });
}
