import { opendir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { removeFile, type NameRules } from '@holdfast/files';
import { lookAt } from './look-at.ts';
import { temporaryFileName } from './temporary-file-name.ts';

/**
 * Finds out what the file system of a folder makes of names, by looking for what is there under another case.
 *
 * @returns `undefined` when nothing there tells, and nothing may be written to find out.
 */
export async function probeNameRules(
  folder: string,
  { mayWrite }: { readonly mayWrite: boolean },
): Promise<NameRules | undefined> {
  const isFolding = (await readFolding(folder)) ?? (mayWrite ? await tryFolding(folder) : undefined);
  return isFolding === undefined ? undefined : { isFolding, isWindows: process.platform === 'win32' };
}

async function readFolding(folder: string): Promise<boolean | undefined> {
  for await (const { name } of await opendir(folder)) {
    const isFolding = await isFolded(folder, name);
    if (isFolding !== undefined) return isFolding;
  }
  return undefined;
}

async function tryFolding(folder: string): Promise<boolean | undefined> {
  const name = temporaryFileName();
  const path = join(folder, name);
  try {
    await writeFile(path, '', { flag: 'wx' });
    return await isFolded(folder, name);
  } finally {
    await removeFile(path);
  }
}

/** Whether a name leads to the same file under another case; `undefined` when that cannot be told by it. */
async function isFolded(folder: string, name: string): Promise<boolean | undefined> {
  const letter = name.search(/[a-z]/i);
  if (letter === -1) return undefined;
  const character = name.charAt(letter);
  const other = character === character.toLowerCase() ? character.toUpperCase() : character.toLowerCase();
  const itself = await lookAt(join(folder, name));
  if (itself === undefined) return undefined;
  const swapped = await lookAt(join(folder, name.slice(0, letter) + other + name.slice(letter + 1)));
  if (swapped?.stats.ino !== itself.stats.ino) return false;
  // Two names of one file may also be hard links.
  return itself.kind === 'file' && itself.stats.nlink > 1n ? undefined : true;
}
