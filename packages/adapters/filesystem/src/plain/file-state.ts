import type { BigIntStats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { type ObjectKey, utcTimestamp } from '@holdfast/domain';
import type { ObjectInfo } from '@holdfast/ports';

/** What is known of the object that a file is. Its etag changes with its bytes, its times, and the file itself. */
export function toObjectInfo(key: ObjectKey, stats: BigIntStats): ObjectInfo {
  const { ino, mtimeNs, size, ctimeNs } = stats;
  return {
    key,
    sizeBytes: Number(size),
    etag: [ino, mtimeNs, size, ctimeNs].map((number) => number.toString(36)).join('-'),
    metadata: {},
    lastModified: utcTimestamp(Number(stats.mtimeMs)),
  };
}

/**
 * Gives a file a time of change that no earlier file of the same number has, however coarse the file system's clock:
 * the wall clock's milliseconds, and below them the microseconds of the clock since the start of the machine, which
 * all its processes share. A file can have the number of another one only after that one is gone, so later.
 */
export async function stampFile(file: FileHandle): Promise<void> {
  const microseconds = (process.hrtime.bigint() / 1_000n) % 1_000n;
  const seconds = Date.now() / 1_000 + Number(microseconds) / 1_000_000;
  await file.utimes(seconds, seconds);
}
