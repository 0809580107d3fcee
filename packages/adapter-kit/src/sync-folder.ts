import { open } from 'node:fs/promises';
import { isWithoutFolderSync } from '../to-storage-error.ts';

/** Makes a folder's entries survive a power cut, where the platform has a way to. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } catch (error) {
    if (!isWithoutFolderSync(error)) throw error;
  } finally {
    await folder.close();
  }
}
