import { open } from 'node:fs/promises';
import type { ReopenableSource } from '@holdfast/ports';
import { openLocalFile } from './open-local-file.ts';

const longestBlockBytes = 1_048_576;

/**
 * A file as a source that can be sent again. Its memory is two blocks of 1 MiB, whatever the file's size.
 *
 * @throws the system's error when the file is not there or cannot be read, when it is a folder (`EISDIR`),
 *   and when it is a pipe or a device (`ESPIPE`).
 */
export async function fileSource(path: string): Promise<ReopenableSource> {
  const { file, sizeBytes } = await openLocalFile(path);
  await file.close();
  return { sizeBytes, open: () => readBlocks(path, Math.min(Math.max(sizeBytes, 1), longestBlockBytes)) };
}

/** Reads ahead by one block; a block is valid until the next one is asked for. */
async function* readBlocks(path: string, blockBytes: number): AsyncIterable<Uint8Array> {
  const file = await open(path, 'r');
  const fill = (buffer: Buffer): Promise<{ readonly bytesRead: number }> => {
    const filling = file.read(buffer, 0, blockBytes, null);
    // A failure is told when the block is asked for; until then nobody listens, which would end the process.
    filling.catch(() => undefined);
    return filling;
  };
  let [free, lent] = [Buffer.allocUnsafeSlow(blockBytes), Buffer.allocUnsafeSlow(blockBytes)];
  let next = fill(free);
  try {
    for (;;) {
      const { bytesRead } = await next;
      if (bytesRead === 0) return;
      [free, lent] = [lent, free];
      next = fill(free);
      yield lent.subarray(0, bytesRead);
    }
  } finally {
    await next.catch(() => undefined);
    await file.close();
  }
}
