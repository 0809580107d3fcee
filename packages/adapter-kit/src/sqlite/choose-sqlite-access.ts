import { accessSync, constants, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { isAbsent } from '@holdfast/files';

/**
 * How a database file can be opened. `immutable` is reading without any lock or companion file: the only way into
 * a folder that cannot be written to while nobody has the database open. Others may be allowed to write there all
 * the same, so {@link SqliteFile} watches a file that it reads this way.
 */
export type SqliteAccess = 'read-write' | 'read-only' | 'immutable';

/** What is wished for when a database is opened. */
export interface SqliteAccessOptions {
  readonly readOnly: boolean;
}

/** What SQLite keeps beside a database (https://sqlite.org/tempfiles.html): with content, others are at work in it or were cut off. */
export const sqliteCompanions: readonly string[] = ['-wal', '-shm', '-journal'];

/**
 * Finds out how a file can be opened: for reading only where it, or its folder, cannot be written to by this process.
 *
 * @throws the file system's error when there is nothing that could be opened or made.
 */
export function chooseSqliteAccess(path: string, options: SqliteAccessOptions): SqliteAccess {
  const folder = dirname(path);
  if (!options.readOnly && !isThere(path)) {
    accessSync(`${folder}/.`, constants.R_OK | constants.W_OK);
    return 'read-write';
  }
  if (statSync(path).isDirectory()) throw Object.assign(new Error(`${path} is a folder`), { code: 'EISDIR' });
  accessSync(path, constants.R_OK);
  if (!isWritable(folder)) return hasCompanions(path) ? 'read-only' : 'immutable';
  return options.readOnly || !isWritable(path) ? 'read-only' : 'read-write';
}

function isThere(path: string): boolean {
  try {
    statSync(path);
    return true;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}

function hasCompanions(path: string): boolean {
  return sqliteCompanions.some(
    (suffix) => (statSync(path + suffix, { throwIfNoEntry: false })?.size ?? 0) > 0,
  );
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
