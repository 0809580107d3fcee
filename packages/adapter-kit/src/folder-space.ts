import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { StorageSpace } from '@holdfast/ports';

/**
 * The room of the file system that holds a folder, or will hold it once it is made.
 *
 * @throws the system's error, other than that nothing is there yet.
 */
export async function folderSpace(folder: string): Promise<StorageSpace> {
  try {
    const { bavail, blocks, bsize } = await statfs(folder);
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || folder === dirname(folder)) throw error;
    return folderSpace(dirname(folder));
  }
}
