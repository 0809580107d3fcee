import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { compareKeys, parseObjectKey } from '@holdfast/domain';
import { forbiddenInput } from './registry-error.ts';

/** A file found below a folder. */
export interface FolderFile {
  /** Relative to the folder, with `/` between folders. */
  readonly path: string;
  /** Where it lies. */
  readonly location: string;
  readonly sizeBytes: number;
  readonly isExecutable: boolean;
}

/**
 * Lists the files below a folder, sorted by path. A link to a file counts as that file, as the snapshots
 * of other tools are made of such links; empty folders are not kept.
 *
 * @throws StorageError `invalid-argument` for what cannot be stored: a link to a folder, a broken link, a device.
 * @throws InvalidValueError for a path that cannot be in a tree: too long, too deep, with control characters.
 * @throws the system's error when the folder, or something in it, cannot be read.
 */
export async function walkFolder(folder: string): Promise<readonly FolderFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files: FolderFile[] = [];
  for (const entry of entries) {
    if (entry.isDirectory()) continue;
    const location = join(entry.parentPath, entry.name);
    const path = relative(folder, location).split(sep).join('/');
    files.push(await describe(parseObjectKey(path, 'path'), location, entry.isSymbolicLink()));
  }
  return files.toSorted((a, b) => compareKeys(a.path, b.path));
}

async function describe(path: string, location: string, isLink: boolean): Promise<FolderFile> {
  const found = await stat(location).catch((error: unknown) => {
    if (isLink && leadsNowhere(error)) return undefined;
    throw error;
  });
  if (found?.isFile() === true) {
    return { path, location, sizeBytes: found.size, isExecutable: (found.mode & 0o100) !== 0 };
  }
  const what =
    found === undefined
      ? 'a broken link'
      : isLink && found.isDirectory()
        ? 'a link to a folder'
        : 'neither a file nor a folder';
  throw forbiddenInput(
    `${location} is ${what}, which cannot be stored.`,
    'Remove it, or put a copy in its place.',
  );
}

function leadsNowhere(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'ELOOP'].includes(String((error as { readonly code?: unknown }).code));
}
