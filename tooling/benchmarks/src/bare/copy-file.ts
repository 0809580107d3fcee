import { type FileHandle, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from './write-durably.ts';

const blockBytes = 1_048_576;

/**
 * Copies a file durably in blocks of 1 MiB through two buffers, without sharing its blocks: while one block is used
 * and written, the next one is read. Written beside its place, synced, moved there, and the folder synced.
 */
export async function copyFileDurably(
  from: string,
  to: string,
  use: (block: Uint8Array) => void,
): Promise<void> {
  const temporary = `${to}.partial`;
  await using source = await open(from, 'r');
  await using target = await open(temporary, 'wx');
  await copyBlocks(source, target, use);
  await target.sync();
  await rename(temporary, to);
  await syncFolder(dirname(to));
}

async function copyBlocks(
  source: FileHandle,
  target: FileHandle,
  use: (block: Uint8Array) => void,
): Promise<void> {
  let [current, other] = [Buffer.allocUnsafeSlow(blockBytes), Buffer.allocUnsafeSlow(blockBytes)];
  let next = source.read(current, 0, blockBytes, null);
  let writing: Promise<unknown> = Promise.resolve();
  for (;;) {
    const { bytesRead } = await next;
    await writing;
    if (bytesRead === 0) return;
    const block = current.subarray(0, bytesRead);
    next = source.read(other, 0, blockBytes, null);
    writing = target.writeFile(block);
    use(block);
    [current, other] = [other, current];
  }
}
