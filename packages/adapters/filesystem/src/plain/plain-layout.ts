import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { type ObjectKey, StorageBackend, maximumKeyBytes } from '@holdfast/domain';
import {
  type ByteSource,
  type CheckOptions,
  type CopyOptions,
  type DeleteResult,
  type DeleteTarget,
  type GetOptions,
  type LateKey,
  type ListOptions,
  type ListPage,
  type ObjectInfo,
  type ObjectReader,
  type PutOptions,
  type StorageCapabilities,
  StorageError,
  type StoreMaintenance,
} from '@holdfast/ports';
import { probeMissingFolder, withinTimeout, writeProbe } from '../file/probe-folder.ts';
import { Durability, type StorageLayout } from '../storage-layout.ts';
import { FileAccess } from './file-access.ts';
import { FileWriter } from './file-writer.ts';
import type { FolderTree } from './folder-tree.ts';
import { listFiles } from './list-files.ts';
import { PlainRoot, type PlainRootOptions } from './plain-root.ts';
import { PlainUpkeep } from './plain-upkeep.ts';
import { temporaryFileName } from './temporary-file-name.ts';

export interface PlainLayoutOptions extends PlainRootOptions {
  readonly durability: Durability;
}

/** The files of a folder are the objects, and their paths the keys. */
export class PlainLayout implements StorageLayout {
  readonly capabilities: StorageCapabilities = plainCapabilities;
  readonly maintenance: StoreMaintenance;
  readonly #options: PlainLayoutOptions;
  readonly #root: PlainRoot;

  constructor(options: PlainLayoutOptions) {
    this.#options = options;
    this.#root = new PlainRoot(options);
    this.maintenance = new PlainUpkeep(this.#root);
  }

  async put(key: ObjectKey | LateKey, body: ByteSource, options: PutOptions): Promise<ObjectInfo> {
    return this.#writer(await this.#root.make()).put(key, body, options);
  }

  async get(key: ObjectKey, options: GetOptions): Promise<ObjectReader | undefined> {
    const tree = await this.#root.find();
    return tree === undefined ? undefined : new FileAccess(tree).get(key, options);
  }

  async head(key: ObjectKey): Promise<ObjectInfo | undefined> {
    const tree = await this.#root.find();
    return tree === undefined ? undefined : new FileAccess(tree).head(key);
  }

  async delete(targets: readonly DeleteTarget[]): Promise<readonly DeleteResult[]> {
    const tree = await this.#root.find();
    if (tree === undefined) return targets.map(({ key }) => ({ key, outcome: 'absent' }));
    return new FileAccess(tree).delete(targets, { isSynced: this.#options.durability === Durability.Full });
  }

  async *list(options: ListOptions): AsyncIterable<ListPage> {
    const tree = await this.#root.find();
    if (tree !== undefined) yield* listFiles(tree, options);
  }

  async copy(from: ObjectKey, to: ObjectKey, options: CopyOptions): Promise<ObjectInfo> {
    return this.#writer(await this.#root.make()).copy(from, to, options);
  }

  transact(): Promise<readonly ObjectInfo[]> {
    const backend = StorageBackend.LocalFilesystem;
    return Promise.reject(new StorageError({ code: 'unsupported', operation: 'transaction', backend }));
  }

  async localPath(key: ObjectKey): Promise<string | undefined> {
    const tree = await this.#root.find();
    return tree === undefined ? undefined : new FileAccess(tree).localPath(key);
  }

  async check(options: CheckOptions): Promise<void> {
    await withinTimeout(this.#probe(options), { ...options, root: this.#options.root });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  async #probe(options: CheckOptions): Promise<void> {
    const tree = await this.#root.find();
    if (tree === undefined) return probeMissingFolder(this.#options.root);
    await access(tree.root);
    if (options.write === true) await writeProbe(join(tree.root, temporaryFileName()));
  }

  #writer(tree: FolderTree): FileWriter {
    return new FileWriter(tree, this.#options.durability);
  }
}

const plainCapabilities: StorageCapabilities = {
  createIfAbsent: true,
  replaceIfMatch: false,
  deleteIfMatch: false,
  conditionalCopy: false,
  lateKey: true,
  ranges: true,
  suffixRanges: true,
  userMetadata: false,
  contentType: false,
  versions: false,
  listOrder: 'bytewise',
  delimiters: true,
  startAfter: true,
  presignGet: false,
  presignPut: false,
  transactions: false,
  localPath: true,
  keysBelowKeys: false,
  maximumSizeBytes: Number.MAX_SAFE_INTEGER,
  maximumKeyBytes,
};
