import { link, open, unlink } from 'node:fs/promises';
import { renamePatiently } from './rename-patiently.ts';
import { isWithoutLinks } from './system-failure.ts';

/**
 * Gives a file a second name, if nothing has that name.
 *
 * @returns `false` where the file system has no hard links.
 * @throws the system's error; `EEXIST` when the name is taken.
 */
export async function linkFile(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (!isWithoutLinks(error)) throw error;
    return false;
  }
}

/**
 * Moves a finished file to its place, if nothing has that name: a link is refused where a rename would replace. Where
 * the file system has no links, such as exFAT, an empty file takes the place until the whole one replaces it.
 *
 * @throws the system's error; `EEXIST` when the name is taken. The finished file keeps its old name then.
 */
export async function publishOnce(from: string, to: string): Promise<void> {
  if (await linkFile(from, to)) return unlink(from);
  await (await open(to, 'wx')).close();
  try {
    await renamePatiently(from, to);
  } catch (error) {
    await unlink(to).catch(() => undefined);
    throw error;
  }
}
