import { open, stat } from 'node:fs/promises';
import { changedFile, type FileState, fileStateOf, isSameFileState } from '@holdfast/files';
import type { ReopenableSource } from '@holdfast/ports';
import { localReadFlags, openLocalFile } from './open-local-file.ts';

const longestBlockBytes = 1_048_576;

/** A file in the state that it was in when its source was made. */
export interface LocalFileSource extends ReopenableSource {
  readonly sizeBytes: number;
  readonly path: string;
  readonly state: FileState;
  /** Whether its owner may execute it. */
  readonly isExecutable: boolean;
  /** Whether the path leads to something else by now, or to the same file with other bytes. */
  readonly hasChanged: () => Promise<boolean>;
}

/**
 * A file as a source that can be sent again. Its memory is two blocks of 1 MiB, whatever the file's size.
 *
 * Every reading gives the file as it was when the source was made, or fails with the code `ESTALE`: its size, time of
 * modification and time of change are compared when a reading begins and ends. A file that is written to through
 * memory that a program has mapped may change without a trace.
 *
 * @throws the system's error when the file is not there or cannot be read, when it is a folder (`EISDIR`),
 *   and when it is a pipe or a device (`ESPIPE`).
 */
export async function fileSource(path: string): Promise<LocalFileSource> {
  const { file, sizeBytes, stats } = await openLocalFile(path);
  await file.close();
  const state = fileStateOf(stats);
  return {
    path,
    sizeBytes,
    state,
    isExecutable: (stats.mode & 0o100n) !== 0n,
    hasChanged: () => hasChanged(path, state),
    open: () => readBlocks(path, state),
  };
}

async function hasChanged(path: string, state: FileState): Promise<boolean> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found === undefined || !isSameFileState(state, fileStateOf(found));
}

/** Reads ahead by one block; a block is valid until the next one is asked for. */
async function* readBlocks(path: string, state: FileState): AsyncIterable<Uint8Array> {
  const file = await open(path, localReadFlags);
  const assertUnchanged = async (): Promise<void> => {
    const now = fileStateOf(await file.stat({ bigint: true }));
    if (!isSameFileState(state, now)) throw changedFile(path);
  };
  const blockBytes = Math.min(Math.max(Number(state.sizeBytes), 1), longestBlockBytes);
  const fill = (buffer: Buffer): Promise<{ readonly bytesRead: number }> => {
    const filling = file.read(buffer, 0, blockBytes, null);
    // A failure is told when the block is asked for; until then nobody listens, which would end the process.
    filling.catch(() => undefined);
    return filling;
  };
  let next: ReturnType<typeof fill> | undefined;
  try {
    await assertUnchanged();
    let [free, lent] = [Buffer.allocUnsafeSlow(blockBytes), Buffer.allocUnsafeSlow(blockBytes)];
    next = fill(free);
    for (;;) {
      const { bytesRead } = await next;
      if (bytesRead === 0) break;
      [free, lent] = [lent, free];
      next = fill(free);
      yield lent.subarray(0, bytesRead);
    }
    await assertUnchanged();
  } finally {
    await next?.catch(() => undefined);
    await file.close();
  }
}
