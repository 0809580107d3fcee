import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  chooseSqliteAccess,
  type FolderMedium,
  type ReserveUse,
  openSqliteFile,
  retryWhileBusy,
} from '@holdfast/adapter-kit';
import { StorageBackend } from '@holdfast/domain';
import { type LocalModes, makeFolder } from '@holdfast/files';
import { StorageError } from '@holdfast/ports';
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
  /** Whether it can only be read: its folder, its index or its disk does not let this process write. */
  readonly isReadOnly: boolean;
  close(): Promise<void>;
}

export interface OpenStoreOptions {
  readonly root: string;
  /** How long a write waits for other writers. */
  readonly busyTimeoutMs: number;
  readonly durability: Durability;
  /** Of what is made in the folder. */
  readonly modes: LocalModes;
  /** What the folder lies on, where the system does not tell. */
  readonly medium?: FolderMedium | undefined;
  /** What is done with the room that is kept beside the index. */
  readonly reserve?: ReserveUse | undefined;
}

/**
 * Opens the store in a folder, or answers `undefined` when there is none.
 *
 * @throws StorageError `invalid-configuration` when the folder holds something else,
 *   `corrupt` when the store's index is lost, `locked` when it lies in a network folder and belongs to another host.
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
    hint: 'Rebuild it from its copies and from the bytes: holdfast registry rebuild NAME-OF-THE-STORE',
  });
}

/** Opens the store in a folder and makes it where there is none. Several makers at once end up with one store. */
export async function openOrMakeStore(options: OpenStoreOptions): Promise<ObjectStore> {
  const existing = await openStore(options);
  if (existing !== undefined) return existing;
  await makeFolder(options.root, options.modes.folder);
  await new DataFiles(options.root, options.durability, options.modes).prepare();
  const opened = await openIndex(join(options.root, 'index.db'), options);
  const { index } = opened;
  try {
    await retryWhileBusy(() => index.prepare(), options);
    await writeStoreMarker(options.root, options.modes.file);
    return assemble(options, opened);
  } catch (error) {
    index[Symbol.dispose]();
    throw error;
  }
}

interface OpenedIndex {
  readonly index: ObjectIndex;
  readonly areCommitsSynced: boolean;
  readonly isReadOnly: boolean;
}

async function openIndex(path: string, options: OpenStoreOptions): Promise<OpenedIndex> {
  const { busyTimeoutMs, medium, durability } = options;
  const { file, areCommitsSynced } = await openSqliteFile(path, {
    access: chooseSqliteAccess(path, { readOnly: false }),
    medium,
    backend: StorageBackend.LocalFilesystem,
    fileMode: options.modes.file,
    reserve: options.reserve,
    busyTimeoutMs,
    areCommitsSynced: durability === Durability.Full,
  });
  return { index: new ObjectIndex(file), areCommitsSynced, isReadOnly: file.access !== 'read-write' };
}

function assemble(options: OpenStoreOptions, opened: OpenedIndex): ObjectStore {
  const { root, durability, busyTimeoutMs } = options;
  const { index, areCommitsSynced, isReadOnly } = opened;
  const data = new DataFiles(root, durability, options.modes);
  const unused = new UnusedFiles(index, data, { areCommitsSynced, busyTimeoutMs });
  return {
    index,
    data,
    unused,
    isReadOnly,
    writer: new IndexWriter(index, options),
    close: async () => {
      await unused.flush();
      index[Symbol.dispose]();
    },
  };
}
