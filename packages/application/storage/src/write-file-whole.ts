import { randomUUID } from 'node:crypto';
import { link, open, rename, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { assertFree } from './assert-free.ts';
import { syncFolder } from './sync-folder.ts';

export interface WriteFileOptions {
  /** Replace what is there. @default false */
  readonly overwrite?: boolean;
  /** Let its owner execute it. @default false */
  readonly executable?: boolean;
  /** Its mode, as far as the umask lets. @default 0o644, and 0o755 of a file to execute */
  readonly mode?: number;
  /** Where it is written first, in the same folder. @default a name that nobody else has */
  readonly temporaryPath?: string;
  /** Leave it to the caller to sync the folder, without which a power cut may take the file's name. @default false */
  readonly isFolderUnsynced?: boolean;
}

/**
 * Writes a file whole or not at all: beside its place under another name, synced, then moved there; it survives a power
 * cut once this returns. When the chunks end in an error, what was there stays and nothing else does.
 *
 * @throws the system's error, about `path`; `EEXIST` when something is there and `overwrite` is not set, before any chunk
 *   is read and, should it appear meanwhile, afterwards.
 */
export async function writeFileWhole(
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  options: WriteFileOptions = {},
): Promise<void> {
  const { overwrite = false, executable = false, isFolderUnsynced = false } = options;
  if (!overwrite) await assertFree(path);
  const temporary = options.temporaryPath ?? join(dirname(path), `.${randomUUID()}.partial`);
  try {
    await writeSynced(temporary, chunks, options.mode ?? (executable ? 0o755 : 0o644));
    await (overwrite ? rename(temporary, path) : moveToFreePlace(temporary, path));
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw namingTarget(error, temporary, path);
  }
  if (!isFolderUnsynced) await syncFolder(dirname(path));
}

async function writeSynced(path: string, chunks: AsyncIterable<Uint8Array>, mode: number): Promise<void> {
  const file = await open(path, 'wx', mode);
  // The system's errors about an open file name none.
  const named = (error: unknown): never => {
    throw Object.assign(error as Error, { path });
  };
  try {
    for await (const chunk of chunks) await file.writeFile(chunk).catch(named);
    await file.sync().catch(named);
  } finally {
    await file.close();
  }
}

/** An error about the temporary file as one about the file that the caller named; any other as it is. */
function namingTarget(error: unknown, temporary: string, path: string): unknown {
  if (!(error instanceof Error && 'path' in error && error.path === temporary)) return error;
  error.message = error.message.replaceAll(temporary, path);
  return Object.assign(error, { path });
}

/** A link is refused where something stands; a rename would replace it. */
async function moveToFreePlace(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (!isWithoutLinks(error)) throw error;
    return moveToReservedPlace(from, to);
  }
  await unlink(from);
}

/** Where the file system has no links, such as exFAT: an empty file takes the place until the whole one replaces it. */
async function moveToReservedPlace(from: string, to: string): Promise<void> {
  await (await open(to, 'wx')).close();
  try {
    await rename(from, to);
  } catch (error) {
    await unlink(to).catch(() => undefined);
    throw error;
  }
}

function isWithoutLinks(error: unknown): boolean {
  const { code } = error as { readonly code?: unknown };
  return ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(String(code));
}
