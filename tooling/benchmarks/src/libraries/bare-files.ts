import { readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Library, holdsNothing } from './library.ts';

/** One call of the file system for each name, and no promise at all. */
export async function openBareFiles(folder: string): Promise<Library> {
  return {
    name: 'bare files',
    put: (name, bytes) => writeFile(join(folder, name), bytes),
    get: (name) => readFile(join(folder, name)),
    remove: (name) => unlink(join(folder, name)),
    ...holdsNothing,
  };
}
