import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { StorageBackend } from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';
import { DataFiles } from './data-files.ts';
import { IndexWriter } from './index-writer.ts';
import { makeFolder } from './make-folder.ts';
import { ObjectIndex } from './object-index.ts';
import { retryWhileBusy } from './retry-while-busy.ts';
import { readStoreMarker, writeStoreMarker } from './store-marker.ts';

/** The parts of an open store. */
export interface ObjectStore {
  readonly index: ObjectIndex;
  readonly writer: IndexWriter;
  readonly data: DataFiles;
}

export interface OpenStoreOptions {
  readonly root: string;
  /** How long a write waits for other writers. */
  readonly busyTimeoutMs: number;
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
    hint: 'Restore the store from a backup.',
  });
}

/** Opens the store in a folder and makes it where there is none. Several makers at once end up with one store. */
export async function openOrMakeStore(options: OpenStoreOptions): Promise<ObjectStore> {
  const existing = await openStore(options);
  if (existing !== undefined) return existing;
  await makeFolder(options.root);
  await new DataFiles(options.root).prepare();
  const index = await openIndex(join(options.root, 'index.db'), options);
  try {
    await retryWhileBusy(() => index.prepare(), options.busyTimeoutMs);
    await writeStoreMarker(options.root);
    return assemble(options, index);
  } catch (error) {
    index[Symbol.dispose]();
    throw error;
  }
}

function openIndex(path: string, options: OpenStoreOptions): Promise<ObjectIndex> {
  return retryWhileBusy(() => new ObjectIndex(path), options.busyTimeoutMs);
}

function assemble(options: OpenStoreOptions, index: ObjectIndex): ObjectStore {
  return { index, writer: new IndexWriter(index, options), data: new DataFiles(options.root) };
}
