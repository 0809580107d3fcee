import type { BigIntStats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { isAbsent } from '../to-storage-error.ts';

/** What is at a path. A symbolic link is itself, not what it points to. */
export interface Seen {
  readonly kind: 'file' | 'folder' | 'other';
  readonly stats: BigIntStats;
}

/** Looks at a path; `undefined` when nothing is there. */
export async function lookAt(path: string): Promise<Seen | undefined> {
  try {
    const stats = await lstat(path, { bigint: true });
    return { kind: stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : 'other', stats };
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}
