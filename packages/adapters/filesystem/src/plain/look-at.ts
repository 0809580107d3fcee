import type { BigIntStats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { undefinedIfAbsent } from '@holdfast/files';

/** What is at a path. A symbolic link is itself, not what it points to. */
export interface Seen {
  readonly kind: 'file' | 'folder' | 'other';
  readonly stats: BigIntStats;
}

/** Looks at a path; `undefined` when nothing is there. */
export async function lookAt(path: string): Promise<Seen | undefined> {
  const stats = await lstat(path, { bigint: true }).catch(undefinedIfAbsent);
  if (stats === undefined) return undefined;
  return { kind: stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : 'other', stats };
}
