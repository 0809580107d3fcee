import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { claimForHost, findFolderMedium } from '@holdfast/adapter-kit';
import { StorageBackend } from '@holdfast/domain';
import { makeFolder } from '@holdfast/files';
import {
  type Cancellable,
  type CollectLeftoversOptions,
  type LeftoverReport,
  type RebuildReport,
  type RecordDamage,
  StorageError,
  type StoreMaintenance,
} from '@holdfast/ports';
import { toStorageError } from '../../to-storage-error.ts';
import { assertWritable } from '../assert-writable.ts';
import { DataFiles } from '../data-files.ts';
import type { OpenStoreOptions } from '../object-store.ts';
import type { StoreHandle } from '../store-handle.ts';
import { checkRecords } from './check-records.ts';
import { collectLeftovers } from './collect-leftovers.ts';
import { takeSnapshot } from './index-snapshots.ts';
import { rebuildIndex } from './rebuild-index.ts';

const backend = StorageBackend.LocalFilesystem;

/** The upkeep of a store in a folder. */
export class StoreUpkeep implements StoreMaintenance {
  readonly #handle: StoreHandle;
  readonly #options: OpenStoreOptions;

  constructor(handle: StoreHandle, options: OpenStoreOptions) {
    this.#handle = handle;
    this.#options = options;
  }

  collectLeftovers(options: CollectLeftoversOptions = {}): Promise<LeftoverReport> {
    return this.#translate('collect', async () => {
      const store = await this.#handle.find();
      if (store !== undefined) assertWritable(store, { operation: 'collect', root: this.#options.root });
      return collectLeftovers(store, this.#options.root, options);
    });
  }

  async *checkRecords(options: Cancellable = {}): AsyncIterable<RecordDamage> {
    try {
      const store = await this.#handle.find();
      if (store === undefined) return;
      yield* checkRecords(store, { ...options, busyTimeoutMs: this.#options.busyTimeoutMs });
    } catch (error) {
      throw toStorageError(error, { operation: 'verify', backend });
    }
  }

  snapshot(): Promise<void> {
    return this.#translate('snapshot', async () => {
      const store = await this.#handle.find();
      if (store === undefined) return;
      assertWritable(store, { operation: 'snapshot', root: this.#options.root });
      await takeSnapshot(store, this.#options.root);
    });
  }

  rebuild(options: Cancellable = {}): Promise<RebuildReport> {
    const { root, durability, modes, medium = findFolderMedium(root) } = this.#options;
    return this.#translate('rebuild', async () => {
      if (await this.#isIntact()) {
        const message = `The index of the store in ${root} exists and is undamaged, so there is nothing to rebuild.`;
        throw new StorageError({ code: 'already-exists', operation: 'rebuild', backend, message });
      }
      claimForHost(join(root, 'index.db'), { medium, access: 'read-write', backend });
      await this.#handle.reopen();
      await makeFolder(join(root, 'snapshots'), modes.folder);
      return rebuildIndex(root, new DataFiles(root, durability, modes), options);
    });
  }

  async #isIntact(): Promise<boolean> {
    if (!existsSync(join(this.#options.root, 'index.db'))) return false;
    try {
      const store = await this.#handle.find();
      return store !== undefined && store.index.integrityProblems().length === 0;
    } catch (error) {
      if (toStorageError(error, { operation: 'rebuild', backend }).code !== 'corrupt') throw error;
      return false;
    }
  }

  async #translate<T>(operation: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw toStorageError(error, { operation, backend });
    }
  }
}
