import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { StorageBackend } from '@holdfast/domain';
import { localModes } from '@holdfast/files';
import type { SqliteAccess } from './choose-sqlite-access.ts';
import { claimForHost } from './claim-for-host.ts';
import { createDatabaseFile } from './create-database-file.ts';
import { DiskReserve, type ReserveUse } from './disk-reserve.ts';
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
  /** What is done with the room that is kept beside the database. @default nothing */
  readonly reserve?: ReserveUse | undefined;
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
  const reserve = path === undefined ? undefined : prepareFile(path, options);
  // A log that is used again from its beginning sooner stays within the room that was given away.
  const first = reserve?.isReleased === true ? 'PRAGMA wal_autocheckpoint = 64; ' : '';
  const open = (begin: string): Promise<OpenedSqliteFile> =>
    openOn(path, { ...options, medium, first: begin, onClosed: reserve?.keep });
  try {
    return await open(first);
  } catch (error) {
    if (options.access !== 'read-write' || !isFull(error)) throw error;
    // The log's shared index needs room of its own. Who has the file alone keeps that index in memory.
    return { ...(await open('PRAGMA locking_mode = EXCLUSIVE; ')), isAlone: true };
  }
}

async function openOn(
  path: string | undefined,
  options: OpenSqliteFileOptions & {
    readonly medium: FolderMedium;
    readonly first: string;
    readonly onClosed: (() => void) | undefined;
  },
): Promise<OpenedSqliteFile> {
  const { access, medium, areCommitsSynced, first, onClosed } = options;
  const settings = `${first}PRAGMA synchronous = ${areCommitsSynced ? 'FULL' : 'NORMAL'}; PRAGMA foreign_keys = ON;`;
  const file = await retryWhileBusy(() => new SqliteFile(path, { access, settings, onClosed }), options);
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

/** Gives room away, or keeps some, and makes a file that is missing. */
function prepareFile(
  path: string,
  { access, reserve: use, fileMode = localModes().file }: OpenSqliteFileOptions,
): { readonly isReleased: boolean; readonly keep: () => void } | undefined {
  if (access !== 'read-write') return undefined;
  const reserve = new DiskReserve(path, fileMode);
  const isReleased = use === 'use' && reserve.release();
  createDatabaseFile(path, fileMode);
  return use === undefined ? undefined : { isReleased, keep: () => reserve.keep() };
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
