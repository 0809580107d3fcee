import type { Dirent } from 'node:fs';
import { opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { isAbsent } from '@holdfast/files';
import { lookAt } from './look-at.ts';
import { type SegmentSpelling, textOf } from './segment-spelling.ts';
import { ownerOfTemporary } from './temporary-file-name.ts';

/** A file or folder in a folder. */
export interface FolderEntry {
  /** The segment of keys that it stands for; an approximation where it stands for none. */
  readonly segment: string;
  readonly path: string;
  readonly isFolder: boolean;
  /** Why its name is no segment of a key. */
  readonly problem?: string;
}

/** How many entries are read at once. */
const entriesAtOnce = 256;

/** The most folders that a segment is spelled with; deeper ones are somebody else's. */
const mostParts = 8;

/**
 * Reads a folder entry by entry, with the folders in it that hold only parts of names. Neither symbolic links nor
 * temporary files are in it. One that is gone, or has become a link, is empty.
 */
export async function* readFolder(
  spelling: SegmentSpelling,
  folder: string,
  parts: readonly string[] = [],
): AsyncGenerator<FolderEntry> {
  for await (const entry of entriesOf(folder)) {
    const bytes = entry.name as unknown as Buffer;
    const name = textOf(bytes);
    const path = join(folder, name ?? bytes.toString());
    const kind = await kindOf(entry, path);
    if (kind === 'other' || (name !== undefined && ownerOfTemporary(name) !== undefined)) continue;
    const isFolder = kind === 'folder';
    if (name !== undefined && isFolder && spelling.isPart(name) && parts.length < mostParts) {
      yield* readFolder(spelling, path, [...parts, name]);
      continue;
    }
    const segment = name === undefined ? undefined : spelling.read(name, parts);
    if (segment !== undefined) yield { segment, path, isFolder };
    else yield { segment: name ?? bytes.toString(), path, isFolder, problem: problemOf(name) };
  }
}

async function* entriesOf(folder: string): AsyncGenerator<Dirent> {
  if ((await lookAt(folder))?.kind !== 'folder') return;
  try {
    const entries = await opendir(folder, {
      encoding: 'buffer' as BufferEncoding,
      bufferSize: entriesAtOnce,
    });
    for await (const entry of entries) yield entry;
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
}

/** Some file systems do not tell in the folder what an entry is. */
async function kindOf(entry: Dirent, path: string): Promise<'file' | 'folder' | 'other'> {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'folder';
  if (entry.isSymbolicLink() || entry.isFIFO() || entry.isSocket()) return 'other';
  return (await lookAt(path))?.kind ?? 'other';
}

function problemOf(name: string | undefined): string {
  return name === undefined ? 'is not valid UTF-8' : 'looks like an escaped one, and is none';
}
