import { closeSync, fsyncSync, openSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { systemCodeOf } from './system-failure.ts';

/** What file systems, and folders that may not be read, answer where a folder cannot be synced. */
const refusals: ReadonlySet<string | undefined> = new Set(['EPERM', 'EISDIR', 'EINVAL', 'ENOTSUP', 'EACCES']);

/** Makes a folder's entries survive a power cut, where the platform has a way to. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  try {
    await using folder = await open(path, 'r');
    await folder.sync();
  } catch (error) {
    if (!refusals.has(systemCodeOf(error))) throw error;
  }
}

/** As {@link syncFolder}, while the process waits. */
export function syncFolderAtOnce(path: string): void {
  if (process.platform === 'win32') return;
  try {
    const folder = openSync(path, 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  } catch (error) {
    if (!refusals.has(systemCodeOf(error))) throw error;
  }
}
