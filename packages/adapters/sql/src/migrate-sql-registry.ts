import { randomUUID } from 'node:crypto';
import { type FolderMedium, type SqliteAccess } from '@holdfast/adapter-kit';
import { type LocalAccess, localModes } from '@holdfast/files';
import type { MigrationReport } from './migration-report.ts';
import { parseRegistryUrl, type SqliteLocation } from './parse-registry-url.ts';
import { isPostgresUrl } from './postgres/postgres-location.ts';
import {
  type PostgresRegistryConnectOptions,
  resolvePostgresRegistry,
} from './postgres/resolve-postgres-registry.ts';
import { type Migration, migrations } from './schema/migrations.ts';
import { registryHistory } from './schema/registry-history.ts';
import { type WantedAccess, accessOfFile } from './sqlite/access-of-file.ts';
import { migrateSqlite } from './sqlite/migrate-sqlite.ts';
import { openSqliteDatabase } from './sqlite/open-sqlite-database.ts';
import { isAbsence, toStorageError } from './to-storage-error.ts';

/** Which registry to migrate, and how. */
export interface MigrateSqlRegistryOptions extends PostgresRegistryConnectOptions {
  /** As for `SqlRegistryStore.open`. */
  readonly url: string;
  /** Only tell what would be done: nothing is written, and no file is made. @default false */
  readonly dryRun?: boolean | undefined;
  /** As for `SqlRegistryStore.open`. @default false */
  readonly createFolder?: boolean | undefined;
  /** As for `SqlRegistryStore.open`. */
  readonly access?: LocalAccess | undefined;
  /** How long to wait for others that hold the database. @default 10_000 */
  readonly busyTimeoutMs?: number | undefined;
  /** As for `SqlRegistryStore.open`. */
  readonly medium?: FolderMedium | undefined;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Brings a registry's database to this program's version, as `SqlRegistryStore.open` does by itself,
 * and tells what was done. An existing file is copied beside itself before it is changed; on a server nothing is copied.
 *
 * @throws StorageError as `SqlRegistryStore.open` does.
 */
export async function migrateSqlRegistry(options: MigrateSqlRegistryOptions): Promise<MigrationReport> {
  if (isPostgresUrl(options.url)) return migrateOnServer(options);
  const location = parseRegistryUrl(options.url);
  try {
    return await migrateLocation(location, { ...options, migrations });
  } catch (error) {
    throw toStorageError(error, 'migrate');
  }
}

/** {@link migrateSqlRegistry} in PostgreSQL, by default to this program's version. */
export async function migrateOnServer(
  options: MigrateSqlRegistryOptions & { readonly migrations?: readonly Migration[] },
): Promise<MigrationReport> {
  const { dryRun = false, now = Date.now, signal } = options;
  const resolved = resolvePostgresRegistry(options);
  const { migratePostgresRegistry } = await import('./postgres/open-postgres-registry.ts');
  const settings = { migrations: options.migrations ?? migrations, newId: randomUUID };
  return migratePostgresRegistry({ ...resolved, ...settings, dryRun, now, signal });
}

/** {@link migrateSqlRegistry} with other steps than this program's. */
export async function migrateLocation(
  location: SqliteLocation,
  options: Omit<MigrateSqlRegistryOptions, 'url'> & { readonly migrations: readonly Migration[] },
): Promise<MigrationReport> {
  const { dryRun = false, createFolder = false, busyTimeoutMs = 10_000, now = Date.now } = options;
  const { signal, medium } = options;
  const modes = localModes(options.access);
  const path = location.kind === 'file' ? location.path : undefined;
  const settings = {
    history: { ...registryHistory, migrations: options.migrations },
    dryRun,
    busyTimeoutMs,
    now,
    signal,
    path,
    medium,
    fileMode: modes.file,
    newId: randomUUID,
  };
  const access =
    path === undefined
      ? 'read-write'
      : await accessOrAbsent(path, { readOnly: dryRun, createFolder, folderMode: modes.folder });
  const isAbsent = access === 'absent';
  const { file } = await openSqliteDatabase(
    isAbsent ? { kind: 'memory' } : location,
    isAbsent ? 'read-write' : access,
    settings,
  );
  try {
    return await migrateSqlite(file.database, settings);
  } finally {
    file[Symbol.dispose]();
  }
}

/** Of a file that is missing only its absence is told when nothing may be written. */
async function accessOrAbsent(path: string, wanted: WantedAccess): Promise<SqliteAccess | 'absent'> {
  try {
    return await accessOfFile(path, wanted);
  } catch (error) {
    if (wanted.readOnly && isAbsence(error)) return 'absent';
    throw error;
  }
}
