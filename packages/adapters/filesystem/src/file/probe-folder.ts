import { access, constants, open, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StorageBackend } from '@holdfast/domain';
import { isMissing } from '@holdfast/files';
import { StorageError } from '@holdfast/ports';

/**
 * Waits for a probe of a store, but not for longer than asked.
 *
 * @throws StorageError `timeout`, or whatever the probe throws.
 */
export async function withinTimeout(
  probe: Promise<void>,
  { root, timeoutMs = 5_000 }: { readonly root: string; readonly timeoutMs?: number | undefined },
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(timedOut(root, timeoutMs)), timeoutMs);
  });
  try {
    await Promise.race([probe, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

/** Writes a new file, syncs it, and removes it again. */
export async function writeProbe(path: string): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile('probe');
    await file.sync();
  } finally {
    await file.close();
    await unlink(path);
  }
}

/** Finds out whether a folder that is not there yet could be made. */
export async function probeMissingFolder(root: string): Promise<void> {
  await access(await nearestFolder(root), constants.W_OK);
}

async function nearestFolder(path: string): Promise<string> {
  try {
    await access(path);
    return path;
  } catch (error) {
    if (!isMissing(error) || path === dirname(path)) throw error;
    return nearestFolder(dirname(path));
  }
}

function timedOut(root: string, timeoutMs: number): StorageError {
  return new StorageError({
    code: 'timeout',
    operation: 'check',
    backend: StorageBackend.LocalFilesystem,
    retry: 'temporary',
    message: `The store in ${root} did not answer within ${timeoutMs} ms.`,
  });
}
