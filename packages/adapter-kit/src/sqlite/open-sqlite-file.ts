import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { StorageBackend } from '@holdfast/domain';
import { localModes } from '../local-access.ts';
import type { SqliteAccess } from './choose-sqlite-access.ts';
import { claimForHost } from './claim-for-host.ts';
import { createDatabaseFile } from './create-database-file.ts';
import { findFolderMedium } from './find-folder-medium.ts';
import { FolderMedium } from './folder-medium.ts';
import { type BusyOptions, retryWhileBusy } from './retry-while-busy.ts';
import { SqliteFile } from './sqlite-file.ts';
import { diskFailureOf, sqliteResultOf } from './sqlite-result-code.ts';

export interface OpenSqliteFileOptions extends BusyOptions {
  readonly access: SqliteAccess;
  /** What the file lies on, where the system does not tell. */
  readonly medium?: FolderMedium | undefined;
  readonly backend: StorageBackend;
  /** The mode of a file that is made. @default for its owner only */
  readonly fileMode?: number | undefined;
  /** Whether a commit is on the disk when it returns. With a rollback journal it always is. */
  readonly areCommitsSynced: boolean;
}

/** An open database, and how its commits reach the disk. */
export interface OpenedSqliteFile {
  readonly file: SqliteFile;
  readonly areCommitsSynced: boolean;
  /** Whether no other connection can be had while this one is open: the disk is full. */
  readonly isAlone: boolean;
}

/**
 * Opens a database file by the rules for its medium. On a local disk it gets a write-ahead log, so that readers and
 * a writer do not wait for each other. The log's index is memory that processes share, which network folders do not
 * have: there it gets a rollback journal, and belongs to one host ({@link claimForHost}).
 * On a full disk it is opened for one connection alone, so that what is there can be read.
 *
 * @throws StorageError `locked` when it belongs to another host; else what SQLite and the file system throw.
 */
export async function openSqliteFile(
  path: string | undefined,
  options: OpenSqliteFileOptions,
): Promise<OpenedSqliteFile> {
  const medium = path === undefined ? FolderMedium.Local : await claim(path, options);
  if (path !== undefined && options.access === 'read-write')
    createDatabaseFile(path, options.fileMode ?? localModes().file);
  const open = (first: string): Promise<OpenedSqliteFile> => openOn(path, { ...options, medium, first });
  try {
    return await open('');
  } catch (error) {
    if (options.access !== 'read-write' || !isFull(error)) throw error;
    // The log's shared index needs room of its own. Who has the file alone keeps that index in memory.
    return { ...(await open('PRAGMA locking_mode = EXCLUSIVE; ')), isAlone: true };
  }
}

async function openOn(
  path: string | undefined,
  options: OpenSqliteFileOptions & { readonly medium: FolderMedium; readonly first: string },
): Promise<OpenedSqliteFile> {
  const { access, medium, areCommitsSynced, first } = options;
  const settings = `${first}PRAGMA synchronous = ${areCommitsSynced ? 'FULL' : 'NORMAL'}; PRAGMA foreign_keys = ON;`;
  const file = await retryWhileBusy(() => new SqliteFile(path, { access, settings }), options);
  try {
    const isLogged =
      file.access !== 'read-write' ||
      (await retryWhileBusy(() => setJournal(file.database, medium), options));
    return { file, areCommitsSynced: areCommitsSynced || !isLogged, isAlone: false };
  } catch (error) {
    file[Symbol.dispose]();
    throw error;
  }
}

function isFull(error: unknown): boolean {
  const result = sqliteResultOf(error);
  return result !== undefined && diskFailureOf(result) === 'full';
}

function claim(path: string, options: OpenSqliteFileOptions): Promise<FolderMedium> {
  const { access, backend, medium = findFolderMedium(dirname(path)) } = options;
  return retryWhileBusy(() => claimForHost(path, { access, backend, medium }), options);
}

/**
 * Sets the journal; answers whether it is the write-ahead log. A file system without shared memory refuses that by
 * keeping the journal it has. The other one is truncated, the way to commit whose last step SQLite syncs: it does not
 * sync the folder after a journal is deleted.
 */
function setJournal(database: DatabaseSync, medium: FolderMedium): boolean {
  if (medium === FolderMedium.Local) {
    const answer = database.prepare('PRAGMA journal_mode = WAL').get();
    if (answer?.['journal_mode'] !== 'delete') return true;
  }
  database.exec('PRAGMA journal_mode = TRUNCATE; PRAGMA synchronous = FULL;');
  return false;
}
