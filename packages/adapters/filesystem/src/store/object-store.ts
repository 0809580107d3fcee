import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { retryWhileBusy } from '@holdfast/adapter-kit';
import { StorageBackend } from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';
import { makeFolder } from '../file/make-folder.ts';
import { Durability } from '../storage-layout.ts';
import { DataFiles } from './data-files.ts';
import { IndexWriter } from './index-writer.ts';
import { ObjectIndex } from './object-index.ts';
import { readStoreMarker, writeStoreMarker } from './store-marker.ts';
import { UnusedFiles } from './unused-files.ts';

/** The parts of an open store. */
export interface ObjectStore {
  readonly index: ObjectIndex;
  readonly writer: IndexWriter;
  readonly data: DataFiles;
  readonly unused: UnusedFiles;
  close(): Promise<void>;
}

export interface OpenStoreOptions {
  readonly root: string;
  /** How long a write waits for other writers. */
  readonly busyTimeoutMs: number;
  readonly durability: Durability;
}

/**
 * Opens the store in a folder, or answers `undefined` when there is none.
 *
 * @throws StorageError `invalid-configuration` when the folder holds something else,
 *   `corrupt` when the store's index is lost.
 */
export async function openStore(options: OpenStoreOptions): Promise<ObjectStore | undefined> {
  if ((await readStoreMarker(options.root)) === undefined) return undefined;
  const path = join(options.root, 'index.db');
  if (existsSync(path)) return assemble(options, await openIndex(path, options));
  throw new StorageError({
    code: 'corrupt',
    operation: 'open',
    backend: StorageBackend.LocalFilesystem,
    message: `The store in ${options.root} has lost its index (index.db).`,
    hint: 'Make it anew from its copies and from the bytes: holdfast registry rebuild NAME-OF-THE-STORE',
  });
}

/** Opens the store in a folder and makes it where there is none. Several makers at once end up with one store. */
export async function openOrMakeStore(options: OpenStoreOptions): Promise<ObjectStore> {
  const existing = await openStore(options);
  if (existing !== undefined) return existing;
  await makeFolder(options.root);
  await new DataFiles(options.root, options.durability).prepare();
  const index = await openIndex(join(options.root, 'index.db'), options);
  try {
    await retryWhileBusy(() => index.prepare(), options);
    await writeStoreMarker(options.root);
    return assemble(options, index);
  } catch (error) {
    index[Symbol.dispose]();
    throw error;
  }
}

async function openIndex(path: string, options: OpenStoreOptions): Promise<ObjectIndex> {
  const areCommitsSynced = options.durability === Durability.Full;
  const index = await retryWhileBusy(() => new ObjectIndex(path, { areCommitsSynced }), options);
  try {
    await retryWhileBusy(() => index.keepLog(), options);
    return index;
  } catch (error) {
    index[Symbol.dispose]();
    throw error;
  }
}

function assemble(options: OpenStoreOptions, index: ObjectIndex): ObjectStore {
  const { root, durability, busyTimeoutMs } = options;
  const data = new DataFiles(root, durability);
  const unused = new UnusedFiles(index, data, {
    areCommitsSynced: durability === Durability.Full,
    busyTimeoutMs,
  });
  return {
    index,
    data,
    unused,
    writer: new IndexWriter(index, options),
    close: async () => {
      await unused.flush();
      index[Symbol.dispose]();
    },
  };
}
