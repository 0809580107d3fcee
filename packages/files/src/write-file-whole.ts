import { randomUUID } from 'node:crypto';
import { open, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { assertFree } from './assert-free.ts';
import { publishOnce } from './publish-once.ts';
import { renamePatiently } from './rename-patiently.ts';
import { syncFolder } from './sync-folder.ts';
import { aboutFile } from './system-failure.ts';

export interface WriteFileOptions {
  /** Replace what has the name. @default false */
  readonly overwrite?: boolean | undefined;
  /** Let its owner execute it. @default false */
  readonly executable?: boolean | undefined;
  /** Its mode, as far as the umask lets. @default 0o644, and 0o755 of a file to execute */
  readonly mode?: number | undefined;
  /** Where it is written first, on the same file system. @default a name in the same folder that nothing else has */
  readonly temporaryPath?: string | undefined;
  /**
   * What survives a power cut once it is written: everything; the bytes alone, where the caller syncs the folder; or
   * nothing for certain. @default 'everything'
   */
  readonly sync?: 'everything' | 'bytes' | 'nothing' | undefined;
}

/**
 * Writes a file whole or not at all: beside its place under another name, synced, then moved there; it survives a power
 * cut once this returns. When the chunks end in an error, what had the name stays and nothing else does.
 *
 * @throws the system's error, about `path`; `EEXIST` when the name is taken and `overwrite` is not set, before any chunk
 *   is read and, should it be taken meanwhile, afterwards.
 */
export async function writeFileWhole(
  path: string,
  content: string | AsyncIterable<Uint8Array>,
  options: WriteFileOptions = {},
): Promise<void> {
  const { overwrite = false, executable = false, sync = 'everything' } = options;
  if (!overwrite) await assertFree(path);
  const temporary = options.temporaryPath ?? join(dirname(path), `.${randomUUID()}.partial`);
  try {
    await writeNew(temporary, content, {
      mode: options.mode ?? (executable ? 0o755 : 0o644),
      isSynced: sync !== 'nothing',
    });
    await (overwrite ? renamePatiently(temporary, path) : publishOnce(temporary, path));
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw namingTarget(error, temporary, path);
  }
  if (sync === 'everything') await syncFolder(dirname(path));
}

async function writeNew(
  path: string,
  content: string | AsyncIterable<Uint8Array>,
  { mode, isSynced }: { readonly mode: number; readonly isSynced: boolean },
): Promise<void> {
  const file = await open(path, 'wx', mode);
  try {
    const named = aboutFile(path);
    if (typeof content === 'string') await file.writeFile(content).catch(named);
    else for await (const chunk of content) await file.writeFile(chunk).catch(named);
    if (isSynced) await file.sync().catch(named);
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
