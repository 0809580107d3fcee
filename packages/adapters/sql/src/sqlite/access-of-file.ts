import { dirname } from 'node:path';
import { type SqliteAccess, type SqliteAccessOptions, chooseSqliteAccess } from '@holdfast/adapter-kit';
import { makeFolder } from '@holdfast/files';
import { isAbsence } from '../to-storage-error.ts';

/** How a file is wanted. */
export interface WantedAccess extends SqliteAccessOptions {
  /** Make its folder if it is missing. */
  readonly createFolder: boolean;
  /** Of a folder that is made. */
  readonly folderMode: number;
}

/** What can be done with a database file, whose folder is made if it may be. */
export async function accessOfFile(path: string, wanted: WantedAccess): Promise<SqliteAccess> {
  try {
    return chooseSqliteAccess(path, wanted);
  } catch (error) {
    if (!wanted.createFolder || wanted.readOnly || !isAbsence(error)) throw error;
    await makeFolder(dirname(path), wanted.folderMode);
    return chooseSqliteAccess(path, wanted);
  }
}
