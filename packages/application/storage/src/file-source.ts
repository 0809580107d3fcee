import { open } from 'node:fs/promises';
import type { ReopenableSource } from '@holdfast/ports';

const blockBytes = 1_048_576;

/**
 * A file as a source that can be sent again. Its memory is two blocks, whatever the file's size.
 *
 * @throws the system's error when the file is not there, cannot be read, or is a folder (`EISDIR`).
 */
export async function fileSource(path: string): Promise<ReopenableSource> {
  const file = await open(path, 'r');
  try {
    const found = await file.stat();
    if (found.isDirectory()) throw Object.assign(new Error(`${path} is a folder`), { code: 'EISDIR', path });
    return { sizeBytes: found.size, open: () => readBlocks(path) };
  } finally {
    await file.close();
  }
}


/** Reads ahead by one block; a block is valid until the next one is asked for. */
async function* readBlocks(path: string): AsyncIterable<Uint8Array> {
  const file = await open(path, 'r');
  let [free, lent] = [Buffer.allocUnsafeSlow(blockBytes), Buffer.allocUnsafeSlow(blockBytes)];
  let next = file.read(free, 0, blockBytes, null);
  try {
    for (;;) {
      const { bytesRead } = await next;
      if (bytesRead === 0) return;
      [free, lent] = [lent, free];
      next = file.read(free, 0, blockBytes, null);
      yield lent.subarray(0, bytesRead);
    }
  } finally {
    await next.catch(() => undefined);
    await file.close();
  }
}
