import { unlink } from 'node:fs/promises';
import { isFolderInstead, isTaken, linkFile, renamePatiently } from '@holdfast/files';
import { type OperationContext, StorageError } from '@holdfast/ports';
import type { FolderTree } from './folder-tree.ts';
import { lookAt } from './look-at.ts';
import { alreadyThere, cannotCreate, doesNotFit, standsInTheWay } from './refusals.ts';

export interface PublishOptions {
  readonly tree: FolderTree;
  readonly context: OperationContext;
  /** Only when nothing has the name. */
  readonly isNew: boolean;
}

/** How often something is tried again that somebody else undoes at the same moment. */
export const mostAttempts = 1_000;

/**
 * Gives a finished file its name, in one step.
 *
 * @throws StorageError `already-exists`, `invalid-key` when a folder with something in it, or a link, has the name,
 *   `unsupported` where the file system cannot decide it.
 */
export async function publishFile(temporary: string, path: string, options: PublishOptions): Promise<void> {
  const { context, isNew } = options;
  for (let attempt = 1; ; attempt++) {
    await makeRoom(path, options);
    try {
      return await (isNew ? linkOnce(temporary, path, context) : renamePatiently(temporary, path));
    } catch (error) {
      if (StorageError.isInstance(error)) throw error;
      const kind = (await lookAt(path))?.kind;
      if (isNew && isTaken(error) && kind === 'file') throw alreadyThere(context);
      const wasFolder = kind === 'folder' || isFolderInstead(error) || (isNew && isTaken(error));
      if (!wasFolder || attempt === mostAttempts) throw error;
    }
  }
}

/** Removes a folder that means nothing; what somebody puts there afterwards is met when the file takes its name. */
async function makeRoom(path: string, { tree, context }: PublishOptions): Promise<void> {
  const kind = (await lookAt(path))?.kind;
  if (kind === 'other') throw standsInTheWay(context, path);
  if (kind === 'folder' && !(await tree.removeEmpty(path))) throw doesNotFit(context, true);
}

/** The object is there when the link is; a temporary file that stays harms nobody, and the collector takes it. */
async function linkOnce(temporary: string, path: string, context: OperationContext): Promise<void> {
  if (!(await linkFile(temporary, path))) throw cannotCreate(context);
  await unlink(temporary).catch(() => undefined);
}
