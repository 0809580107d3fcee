import { access, constants, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isAbsence } from '../to-storage-error.ts';

/**
 * How a database file can be opened. `immutable` is reading without any lock or companion file:
 * the only way where the folder cannot be written to and nobody else has the database open.
 */
export type SqliteAccess = 'read-write' | 'read-only' | 'immutable';

/** What is wished for when a database is opened. */
export interface SqliteAccessOptions {
  readonly readOnly: boolean;
  readonly createFolder: boolean;
}

/**
 * Finds out how a file can be opened: for reading only where it, or its folder, cannot be written to.
 *
 * @throws the file system's error when there is nothing that could be opened or created.
 */
export async function chooseSqliteAccess(path: string, options: SqliteAccessOptions): Promise<SqliteAccess> {
  const folder = dirname(path);
  if (!(await exists(path))) {
    if (options.readOnly) await stat(path);
    if (options.createFolder) await mkdir(folder, { recursive: true });
    await access(`${folder}/.`, constants.R_OK | constants.W_OK);
    return 'read-write';
  }
  await access(path, constants.R_OK);
  if (!(await isWritable(folder))) return (await hasCompanions(path)) ? 'read-only' : 'immutable';
  return options.readOnly || !(await isWritable(path)) ? 'read-only' : 'read-write';
}

async function exists(path: string): Promise<boolean> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) throw Object.assign(new Error(`${path} is a folder`), { code: 'EISDIR' });
    return true;
  } catch (error) {
    if (isAbsence(error)) return false;
    throw error;
  }
}

/** A log with content, or the index of one: others write here, or did and were cut off. */
async function hasCompanions(path: string): Promise<boolean> {
  const sizes = await Promise.all(
    ['-wal', '-shm'].map((suffix) => stat(path + suffix).catch(() => undefined)),
  );
  return sizes.some((found) => found !== undefined && found.size > 0);
}

async function isWritable(path: string): Promise<boolean> {
  try {
    await access(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
