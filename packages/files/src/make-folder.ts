import { access, constants, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from './sync-folder.ts';
import { isMissing } from './system-failure.ts';

/**
 * Makes a folder with its parents, each of them durable.
 *
 * @param mode Of what is made. @default as the umask lets
 */
export async function makeFolder(path: string, mode?: number): Promise<void> {
  const first = await makeAll(path, mode);
  if (first === undefined) return;
  const outermost = dirname(first);
  for (let folder = dirname(path); folder.length >= outermost.length; folder = dirname(folder)) {
    await syncFolder(folder);
    if (folder === dirname(folder)) return;
  }
}

/** Node calls a folder that cannot be made on a read-only disk missing; its parent shows why. */
async function makeAll(path: string, mode?: number): Promise<string | undefined> {
  try {
    return await mkdir(path, { recursive: true, mode });
  } catch (error) {
    if (isMissing(error)) await assertParentWritable(path);
    throw error;
  }
}

async function assertParentWritable(path: string): Promise<void> {
  const parent = dirname(path);
  try {
    await access(parent, constants.W_OK);
  } catch (error) {
    if (!isMissing(error) || parent === path) throw error;
    await assertParentWritable(parent);
  }
}
