import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { type BusyOptions, retryWhileBusy } from '@holdfast/adapter-kit';
import type { SqliteLocation } from '../parse-registry-url.ts';
import type { SqliteAccess } from './choose-sqlite-access.ts';

/**
 * Opens a database and sets what every connection needs: a write-ahead log, a full sync at each commit,
 * foreign keys, and no waiting inside SQLite, which would stop the event loop.
 *
 * The one place where a database file is opened.
 */
export async function openSqliteDatabase(
  location: SqliteLocation,
  accessKind: SqliteAccess,
  options: BusyOptions,
): Promise<DatabaseSync> {
  const readOnly = accessKind !== 'read-write';
  const database = new DatabaseSync(sqliteName(location, accessKind), { readOnly, timeout: 0 });
  try {
    if (!readOnly) await retryWhileBusy(() => database.exec('pragma journal_mode = wal'), options);
    database.exec('pragma synchronous = full; pragma foreign_keys = on');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function sqliteName(location: SqliteLocation, accessKind: SqliteAccess): string | URL {
  if (location.kind === 'memory') return ':memory:';
  if (accessKind !== 'immutable') return location.path;
  return new URL(`${pathToFileURL(location.path).href}?immutable=1`);
}
