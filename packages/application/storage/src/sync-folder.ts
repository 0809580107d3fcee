import { open } from 'node:fs/promises';

/** What platforms, file systems and folders that may not be read answer to a wish to sync a folder. */
const refusals: readonly unknown[] = ['EPERM', 'EISDIR', 'EINVAL', 'ENOTSUP', 'EACCES'];

/** Makes a folder's entries survive a power cut, where the platform has a way to. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  try {
    await using folder = await open(path, 'r');
    await folder.sync();
  } catch (error) {
    if (!refusals.includes((error as NodeJS.ErrnoException).code)) throw error;
  }
}
