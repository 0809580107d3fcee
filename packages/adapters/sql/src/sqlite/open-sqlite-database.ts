import {
  type BusyOptions,
  type FolderMedium,
  openSqliteFile,
  type SqliteAccess,
  type OpenedSqliteFile,
  type ReserveUse,
} from '@holdfast/adapter-kit';
import { StorageBackend } from '@holdfast/domain';
import type { SqliteLocation } from '../parse-registry-url.ts';

/** How a database file is opened. */
export interface OpenSqliteDatabaseOptions extends BusyOptions {
  /** What the file lies on, where the system does not tell. */
  readonly medium?: FolderMedium | undefined;
  /** The mode of a file that is made. @default for its owner only */
  readonly fileMode?: number | undefined;
  /** What is done with the room that is kept beside the file. @default nothing */
  readonly reserve?: ReserveUse | undefined;
}

/** Opens a database with a full sync at each commit: the one place where a file is opened. */
export async function openSqliteDatabase(
  location: SqliteLocation,
  access: SqliteAccess,
  options: OpenSqliteDatabaseOptions,
): Promise<OpenedSqliteFile> {
  const { busyTimeoutMs, signal, medium, fileMode, reserve } = options;
  const path = location.kind === 'file' ? location.path : undefined;
  const backend = StorageBackend.Database;
  return openSqliteFile(path, {
    access,
    medium,
    fileMode,
    reserve,
    backend,
    busyTimeoutMs,
    signal,
    areCommitsSynced: true,
  });
}
