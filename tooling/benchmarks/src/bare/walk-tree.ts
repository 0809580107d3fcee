import { readdirSync, statSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { atOnce } from '../framework/at-once.ts';

/** What a walk has seen. */
export interface Walked {
  files: number;
  sizeBytes: number;
}

/** Walks a tree and looks at every file of it, several at once, as a server would that has other things to do. */
export async function walkTree(root: string, concurrency: number): Promise<Walked> {
  const walked: Walked = { files: 0, sizeBytes: 0 };
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const here = folder;
    const entries = await readdir(here, { withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    folders.push(...entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(here, name)));
    await atOnce(files.length, concurrency, async (number) => {
      const { size } = await stat(join(here, files[number]?.name ?? ''));
      walked.files++;
      walked.sizeBytes += size;
    });
  }
  return walked;
}

/** The same with nothing else under way: every call holds the whole process up. */
export function walkTreeBlocking(root: string): Walked {
  const walked: Walked = { files: 0, sizeBytes: 0 };
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        folders.push(path);
        continue;
      }
      walked.files++;
      walked.sizeBytes += statSync(path).size;
    }
  }
  return walked;
}
