import { link, rename, unlink } from 'node:fs/promises';
import type { OperationContext } from '@holdfast/ports';
import { isTaken, isWithoutLinks } from '../to-storage-error.ts';
import type { FolderTree } from './folder-tree.ts';
import { lookAt } from './look-at.ts';
import { alreadyThere, cannotCreate, doesNotFit, standsInTheWay } from './refusals.ts';

export interface PublishOptions {
  readonly tree: FolderTree;
  readonly context: OperationContext;
  /** Only when nothing has the name. */
  readonly isNew: boolean;
}

/**
 * Gives a finished file its name, in one step.
 *
 * @throws StorageError `already-exists`, `invalid-key` when a folder with something in it, or a link, has the name,
 *   `unsupported` where the file system cannot decide it.
 */
export async function publishFile(temporary: string, path: string, options: PublishOptions): Promise<void> {
  const { tree, context } = options;
  const seen = await lookAt(path);
  if (seen?.kind === 'other') throw standsInTheWay(context, path);
  if (seen?.kind === 'folder' && !(await tree.removeEmpty(path))) throw doesNotFit(context, true);
  try {
    if (options.isNew) await linkOnce(temporary, path);
    else await rename(temporary, path);
  } catch (error) {
    if (options.isNew && isWithoutLinks(error)) throw cannotCreate(context, error);
    const other = await lookAt(path);
    if (other?.kind === 'folder') return publishFile(temporary, path, options);
    if (options.isNew && isTaken(error)) throw alreadyThere(context);
    throw error;
  }
}

/** The object is there when the link is; a temporary file that stays harms nobody, and the collector takes it. */
async function linkOnce(temporary: string, path: string): Promise<void> {
  await link(temporary, path);
  await unlink(temporary).catch(() => undefined);
}
