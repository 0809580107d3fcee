import type { Stats } from 'node:fs';
import { readdir, readlink, stat } from 'node:fs/promises';

const openFiles = '/proc/self/fd';

/** The files of a folder that this process has open and that have no name any more, where the system shows them. */
export async function namelessFiles(folder: string): Promise<readonly Stats[]> {
  const found: Stats[] = [];
  for (const descriptor of await readdir(openFiles).catch(() => [])) {
    const path = await readlink(`${openFiles}/${descriptor}`).catch(() => '');
    const isNameless = path.startsWith(folder) && path.endsWith(' (deleted)');
    if (isNameless) found.push(await stat(`${openFiles}/${descriptor}`));
  }
  return found;
}
