import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isMissing } from './system-failure.ts';

/** The room of a file system, in bytes. */
export interface FolderSpace {
  /** What this user may still write. */
  readonly freeBytes: number;
  readonly totalBytes: number;
}

/**
 * The room of the file system that holds a folder, or will hold it once it is made.
 *
 * @throws the system's error, other than that the folder does not exist yet.
 */
export async function folderSpace(folder: string): Promise<FolderSpace> {
  try {
    const { bavail, blocks, bsize } = await statfs(folder);
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  } catch (error) {
    if (!isMissing(error) || folder === dirname(folder)) throw error;
    return folderSpace(dirname(folder));
  }
}
