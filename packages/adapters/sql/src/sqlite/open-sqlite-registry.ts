import type { DatabaseSync } from 'node:sqlite';
import { StorageBackend } from '@holdfast/domain';
import { StorageError, StorageErrorCode } from '@holdfast/ports';
import type { SqliteLocation } from '../parse-registry-url.ts';
import { type SqliteAccessOptions, chooseSqliteAccess } from './choose-sqlite-access.ts';
import { type MigrateSqliteOptions, migrateSqlite } from './migrate-sqlite.ts';
import { openSqliteDatabase } from './open-sqlite-database.ts';
import type { OpenedSqlite } from './sqlite-registry-database.ts';

/** How a registry's database is found, and brought to the program's version. */
export interface OpenSqliteRegistryOptions
  extends SqliteAccessOptions, Omit<MigrateSqliteOptions, 'path' | 'dryRun'> {}

/** Opens a database, made if need be, and brings it to the newest version; one that can only be read must have it. */
export async function openSqliteRegistry(
  location: SqliteLocation,
  options: OpenSqliteRegistryOptions,
): Promise<OpenedSqlite> {
  const path = location.kind === 'file' ? location.path : undefined;
  const access = path === undefined ? 'read-write' : await chooseSqliteAccess(path, options);
  const database = await openSqliteDatabase(location, access, options);
  try {
    if (access === 'read-write') await migrateSqlite(database, { ...options, path, dryRun: false });
    else await assertNewest(database, options);
    return { database, location, access };
  } catch (error) {
    database.close();
    throw error;
  }
}

async function assertNewest(database: DatabaseSync, options: OpenSqliteRegistryOptions): Promise<void> {
  const report = await migrateSqlite(database, { ...options, path: undefined, dryRun: true });
  if (report.steps.length === 0) return;
  throw new StorageError({
    code: StorageErrorCode.InvalidConfiguration,
    operation: 'open',
    backend: StorageBackend.Database,
    message:
      `the registry's database has version ${report.fromVersion}, this program needs version ${report.toVersion},` +
      ' and the database can only be read',
    hint: 'Open it once where it can be written to, so that it is migrated.',
  });
}
