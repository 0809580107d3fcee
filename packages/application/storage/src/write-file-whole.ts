import { randomUUID } from 'node:crypto';
import { link, open, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

export interface WriteFileOptions {
  /** Replace what is there. @default false */
  readonly overwrite?: boolean;
  /** Let its owner execute it. @default false */
  readonly executable?: boolean;
}

/**
 * Writes a file whole or not at all: beside its place under another name, synced, then moved there.
 * When the chunks end in an error, what was there stays and nothing else does.
 *
 * @throws the system's error; `EEXIST` when something is there and `overwrite` is not set.
 */
export async function writeFileWhole(
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  options: WriteFileOptions = {},
): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.partial`);
  try {
    await writeSynced(temporary, chunks, options.executable === true ? 0o755 : 0o644);
    await (options.overwrite === true ? rename(temporary, path) : moveToFreePlace(temporary, path));
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
}

async function writeSynced(path: string, chunks: AsyncIterable<Uint8Array>, mode: number): Promise<void> {
  const file = await open(path, 'wx', mode);
  try {
    for await (const chunk of chunks) await file.writeFile(chunk);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A link is refused where something stands; a rename would replace it. */
async function moveToFreePlace(from: string, to: string): Promise<void> {
  await link(from, to);
  await unlink(from);
}
