import { closeSync, openSync, statSync } from 'node:fs';

/**
 * Makes an empty file for a database, unless it exists: SQLite itself makes it readable for everyone, and gives what it
 * keeps beside a database the database's own mode.
 *
 * @throws the file system's error.
 */
export function createDatabaseFile(path: string, mode: number): void {
  closeSync(openSync(path, 'a', mode));
}

/** Makes an empty file that a database is copied into, for the users who may read the original. */
export function createCopyFile(path: string, original: string): void {
  closeSync(openSync(path, 'wx', statSync(original).mode & 0o666));
}
