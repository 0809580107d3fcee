import { randomUUID } from 'node:crypto';
import { constants, existsSync } from 'node:fs';
import { copyFile, mkdir, open, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  linkFile,
  makeFolder,
  removeFile,
  renamePatiently,
  syncFolder,
  type LocalModes,
  undefinedIfMissing,
} from '@holdfast/files';
import { temporaryName } from '../file/temporary-name.ts';
import { writeChunks } from '../file/write-chunks.ts';
import { Durability } from '../storage-layout.ts';

/** Bytes that lie durably in `data` while no record points to them yet. */
export interface StagedFile {
  readonly dataId: string;
  /** The record is committed: the temporary that protected the file from the collector goes. */
  keep(): Promise<void>;
  /** No record will point to it: everything goes. */
  discard(): Promise<void>;
}

/**
 * The files of a store that hold bytes: immutable, one for each put, named by random ids.
 *
 * While a file has no record, an entry of the same id in `tmp` protects it from the collector.
 */
export class DataFiles {
  readonly #dataFolder: string;
  readonly #temporaryFolder: string;
  /** Of files and folders that are made. */
  readonly modes: LocalModes;
  readonly #isSynced: boolean;
  readonly #shards = new Set<string>();
  /** Folders with new entries that are not synced yet. */
  readonly #unsyncedFolders = new Set<string>();

  constructor(root: string, durability: Durability, modes: LocalModes) {
    this.modes = modes;
    this.#isSynced = durability !== Durability.None;
    this.#dataFolder = join(root, 'data');
    this.#temporaryFolder = join(root, 'tmp');
  }

  /** Makes the folders of a new store. */
  async prepare(): Promise<void> {
    await makeFolder(this.#dataFolder, this.modes.folder);
    await makeFolder(this.#temporaryFolder, this.modes.folder);
  }

  /** Where the bytes of an id lie. */
  pathOf(dataId: string): string {
    return join(this.#dataFolder, dataId.slice(0, 2), dataId);
  }

  has(dataId: string): boolean {
    return existsSync(this.pathOf(dataId));
  }

  /** The size of a file; `undefined` when it is not there. */
  async sizeOf(dataId: string): Promise<number | undefined> {
    return (await stat(this.pathOf(dataId)).catch(undefinedIfMissing))?.size;
  }

  /**
   * Writes a new file block by block; the source's errors are passed on and nothing stays.
   * `meanwhile` is called while a long chunk is being written.
   */
  stage(chunks: AsyncIterable<Uint8Array>, meanwhile: () => void = () => undefined): Promise<StagedFile> {
    return this.#stage(async (temporary) => {
      const file = await open(temporary, 'wx', this.modes.immutableFile);
      try {
        await writeChunks(file, chunks, { isSynced: this.#isSynced, meanwhile });
      } finally {
        await file.close();
      }
    });
  }

  /** Copies a file of this store, sharing its blocks where the file system can. */
  stageCopy(dataId: string): Promise<StagedFile> {
    return this.#stage(async (temporary) => {
      await copyFile(this.pathOf(dataId), temporary, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
      if (!this.#isSynced) return;
      const file = await open(temporary, 'r');
      try {
        await file.sync();
      } finally {
        await file.close();
      }
    });
  }

  /** Makes the names of all files that were written survive a power cut, where writing did not do so already. */
  async syncFolders(): Promise<void> {
    for (const folder of this.#unsyncedFolders) {
      this.#unsyncedFolders.delete(folder);
      await syncFolder(folder);
    }
  }

  /** Removes a file that no record points to; one that is gone already is no error. */
  async remove(dataId: string): Promise<void> {
    await removeFile(this.pathOf(dataId));
  }

  async #stage(write: (temporary: string) => Promise<void>): Promise<StagedFile> {
    const dataId = randomUUID().replaceAll('-', '');
    const temporary = join(this.#temporaryFolder, temporaryName(dataId));
    const discard = async (): Promise<void> => {
      await this.remove(dataId);
      await removeFile(temporary);
    };
    try {
      await write(temporary);
      await this.#publish(temporary, dataId);
    } catch (error) {
      await discard();
      throw error;
    }
    return { dataId, discard, keep: () => removeFile(temporary) };
  }

  async #publish(temporary: string, dataId: string): Promise<void> {
    const folder = await this.#shard(dataId);
    if (!(await linkFile(temporary, this.pathOf(dataId)))) {
      const protection = join(this.#temporaryFolder, temporaryName(`unlinked-${dataId}`));
      await writeFile(protection, '', { flag: 'wx' });
      await renamePatiently(temporary, this.pathOf(dataId));
      await renamePatiently(protection, temporary);
    }
    if (this.#isSynced) await syncFolder(folder);
    else this.#unsyncedFolders.add(folder);
  }

  async #shard(dataId: string): Promise<string> {
    const name = dataId.slice(0, 2);
    const folder = join(this.#dataFolder, name);
    if (!this.#shards.has(name)) {
      await mkdir(folder, { recursive: true, mode: this.modes.folder });
      // Another process may have made it a moment ago and not synced it yet.
      if (this.#isSynced) await syncFolder(this.#dataFolder);
      else this.#unsyncedFolders.add(this.#dataFolder);
      this.#shards.add(name);
    }
    return folder;
  }
}
