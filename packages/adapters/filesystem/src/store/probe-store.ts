import { randomUUID } from 'node:crypto';
import { access, constants, mkdir, open, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StorageBackend } from '@holdfast/domain';
import { type CheckOptions, StorageError } from '@holdfast/ports';
import { temporaryName } from '../file/temporary-name.ts';
import { isMissing } from '../to-storage-error.ts';
import { assertWritable } from './assert-writable.ts';
import type { ObjectStore } from './object-store.ts';

/**
 * Finds out whether a store answers, and, when asked, whether a file can be written and synced in it.
 * A store that is not there yet is fine when its folder could be made.
 *
 * @throws StorageError `timeout` when the disk does not answer in time, or whatever keeps it from answering.
 */
export async function probeStore(
  store: ObjectStore | undefined,
  options: CheckOptions & { readonly root: string },
): Promise<void> {
  const { timeoutMs = 5_000 } = options;
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(timedOut(options.root, timeoutMs)), timeoutMs);
  });
  try {
    await Promise.race([probe(store, options), tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

async function probe(
  store: ObjectStore | undefined,
  options: CheckOptions & { readonly root: string },
): Promise<void> {
  if (store === undefined) {
    await access(await nearestFolder(options.root), constants.W_OK);
    return;
  }
  store.index.peek('probe');
  if (options.write !== true) return;
  assertWritable(store, { operation: 'check', root: options.root });
  await writeProbe(join(options.root, 'tmp'));
}

async function writeProbe(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, temporaryName(`probe-${randomUUID()}`));
  const file = await open(path, 'wx');
  try {
    await file.writeFile('probe');
    await file.sync();
  } finally {
    await file.close();
    await unlink(path);
  }
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
