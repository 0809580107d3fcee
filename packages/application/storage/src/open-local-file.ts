import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** An open file of the user's. */
export interface LocalFile {
  readonly file: FileHandle;
  readonly sizeBytes: number;
  /** How it was when it was opened. */
  readonly stats: BigIntStats;
}

/**
 * Kernels stamp files by a clock that ticks every 1 to 10 ms. A file written within this time may be written again
 * without a trace, so that much is waited before it is looked at.
 */
const clockTickMs = 12;

const nanosecondsPerMs = 1_000_000;

/** Should a pipe take the place of a file that was looked at, opening it does not wait for its writer. */
export const localReadFlags: number = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * Opens a file that can be read more than once. Looks before it opens: opening a pipe waits for who writes to it.
 *
 * @throws the system's error when the file is not there or cannot be read, when it is a folder (`EISDIR`),
 *   and when it is a pipe or a device, which gives its bytes once (`ESPIPE`): save that as a stream.
 */
export async function openLocalFile(path: string): Promise<LocalFile> {
  const found = await stat(path, { bigint: true });
  assertFile(path, found);
  const ageMs = ageMsOf(found);
  if (ageMs >= 0 && ageMs < clockTickMs) await delay(clockTickMs - ageMs);
  const file = await open(path, localReadFlags);
  try {
    const stats = await file.stat({ bigint: true });
    assertFile(path, stats);
    return { file, sizeBytes: Number(stats.size), stats };
  } catch (error) {
    await file.close();
    throw error;
  }
}

function assertFile(path: string, found: BigIntStats): void {
  if (found.isDirectory()) throw Object.assign(new Error(`${path} is a folder`), { code: 'EISDIR', path });
  if (!found.isFile())
    throw Object.assign(new Error(`${path} is not a regular file`), { code: 'ESPIPE', path });
}

function ageMsOf({ mtimeNs, ctimeNs }: BigIntStats): number {
  return Date.now() - Number(mtimeNs > ctimeNs ? mtimeNs : ctimeNs) / nanosecondsPerMs;
}
