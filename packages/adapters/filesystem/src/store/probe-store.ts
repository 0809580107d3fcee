import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckOptions } from '@holdfast/ports';
import { probeMissingFolder, withinTimeout, writeProbe } from '../file/probe-folder.ts';
import { temporaryName } from '../file/temporary-name.ts';
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
  await withinTimeout(probe(store, options), options);
}

async function probe(
  store: ObjectStore | undefined,
  options: CheckOptions & { readonly root: string },
): Promise<void> {
  if (store === undefined) return probeMissingFolder(options.root);
  store.index.peek('probe');
  if (options.write !== true) return;
  assertWritable(store, { operation: 'check', root: options.root });
  const folder = join(options.root, 'tmp');
  await mkdir(folder, { recursive: true });
  await writeProbe(join(folder, temporaryName(`probe-${randomUUID()}`)));
}
