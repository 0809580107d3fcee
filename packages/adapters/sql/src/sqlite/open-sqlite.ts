import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { type FolderMedium, type ReserveUse, type SqliteAccess } from '@holdfast/adapter-kit';
import { type LocalAccess, localModes } from '@holdfast/files';
import type { SqliteLocation } from '../parse-registry-url.ts';
import { refusePending } from '../schema/plan-migration.ts';
import { type WantedAccess, accessOfFile } from './access-of-file.ts';
import { type MigrateSqliteOptions, migrateSqlite } from './migrate-sqlite.ts';
import { openSqliteDatabase } from './open-sqlite-database.ts';
import type { OpenedSqlite } from './sqlite-connections.ts';

/** How a database is found, and brought to the program's version. */
export interface OpenSqliteOptions
  extends Omit<WantedAccess, 'folderMode'>, Omit<MigrateSqliteOptions, 'path' | 'dryRun'> {
  /** Which users of the machine may use what is made. @default owner */
  readonly access?: LocalAccess | undefined;
  /** What is done with the room that is kept beside the file. @default nothing */
  readonly reserve?: ReserveUse | undefined;
  /** Refuse to make a missing file. @default false */
  readonly mustExist?: boolean | undefined;
  readonly medium: FolderMedium | undefined;
}

/** Opens a database, made if need be, and brings it to the newest version; one that can only be read must have it. */
export async function openSqlite(
  location: SqliteLocation,
  options: OpenSqliteOptions,
): Promise<OpenedSqlite> {
  const path = location.kind === 'file' ? location.path : undefined;
  const access = path === undefined ? 'read-write' : await chooseAccess(path, options);
  const { file, isAlone } = await openSqliteDatabase(location, access, {
    ...options,
    fileMode: localModes(options.access).file,
  });
  try {
    if (access === 'read-write') await migrateSqlite(file.database, { ...options, path, dryRun: false });
    else await assertNewest(file.database, options);
    return { file, location, isAlone: isAlone || location.kind === 'memory', medium: options.medium };
  } catch (error) {
    file[Symbol.dispose]();
    throw error;
  }
}

async function chooseAccess(path: string, options: OpenSqliteOptions): Promise<SqliteAccess> {
  if (options.mustExist === true) statSync(path);
  return accessOfFile(path, { ...options, folderMode: localModes(options.access).folder });
}

async function assertNewest(database: DatabaseSync, options: OpenSqliteOptions): Promise<void> {
  const report = await migrateSqlite(database, { ...options, path: undefined, dryRun: true });
  refusePending(report, options.history);
}
