import type { FileHandle } from 'node:fs/promises';
import { BackgroundSync } from './background-sync.ts';
import { BlockWriter } from './block-writer.ts';

export interface WriteChunksOptions {
  readonly isSynced: boolean;
  /** Called while a chunk is being written that is still on loan. */
  readonly meanwhile: () => void;
  /** Called when everything is written, before the last sync. */
  readonly beforeSync?: () => Promise<void>;
}

/** Writes chunks to the end of a file and waits for all of it; the source's errors are passed on. */
export async function writeChunks(
  file: FileHandle,
  chunks: AsyncIterable<Uint8Array>,
  { isSynced, meanwhile, beforeSync }: WriteChunksOptions,
): Promise<void> {
  const writer = new BlockWriter(file);
  const sync = new BackgroundSync(file);
  try {
    for await (const chunk of chunks) {
      await writer.write(chunk, meanwhile);
      if (isSynced) sync.advance(chunk.byteLength);
    }
    await writer.finish();
    await beforeSync?.();
    if (isSynced) await sync.finish();
  } finally {
    await writer.abandon();
    await sync.abandon();
  }
}
