import { opendir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProcessIdentity } from '@holdfast/adapter-kit';
import { isAbsent } from '@holdfast/files';
import { lookAt } from './look-at.ts';
import { ownerOfTemporary } from './temporary-file-name.ts';

/** A temporary file and the process that wrote, or writes, it. */
export interface TemporaryFile {
  readonly path: string;
  readonly owner: ProcessIdentity;
}

/** Finds the temporary files in a folder and those in it; symbolic links are not followed. */
export async function* temporariesBelow(folder: string): AsyncGenerator<TemporaryFile> {
  if ((await lookAt(folder))?.kind !== 'folder') return;
  try {
    for await (const entry of await opendir(folder)) {
      const path = join(folder, entry.name);
      const owner = ownerOfTemporary(entry.name);
      if (owner !== undefined) yield { path, owner };
      else if (!entry.isFile() && !entry.isSymbolicLink()) yield* temporariesBelow(path);
    }
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
}
