import { lstat, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { ArtifactKind, type ModelVersion } from '@holdfast/domain';
import { CommandError } from '../../failure/command-error.ts';

export interface TargetOptions {
  /** What the user named, if anything. */
  readonly output: string | undefined;
  readonly workingFolder: string;
  readonly overwrite: boolean;
}

/**
 * Where a version is to be written, found out before any byte is read.
 *
 * @throws CommandError when something is in the way.
 */
export async function chooseTarget(version: ModelVersion, options: TargetOptions): Promise<string> {
  const { output, workingFolder, overwrite } = options;
  const path = resolve(workingFolder, output ?? defaultName(version));
  const [found, folder] = await Promise.all([lstatIfThere(path), statIfThere(dirname(path))]);
  if (folder?.isDirectory() !== true) throw missingFolder(dirname(path));
  if (found === undefined) return path;
  const isFolder = found.isDirectory();
  if (isFolder && version.artifactKind === ArtifactKind.File) throw folderInTheWay(path, version);
  if (!overwrite) throw inTheWay(path);
  if (isFolder && holds(path, workingFolder)) throw ownFolder(path);
  return path;
}

/** Names in a registry come from anywhere: only the last part of one is taken. */
function defaultName(version: ModelVersion): string {
  const name = basename(version.sourceName ?? '');
  return name === '' || name === '.' || name === '..' ? basename(version.modelName) : name;
}

function holds(folder: string, inner: string): boolean {
  return !relative(folder, inner).startsWith('..');
}

async function lstatIfThere(path: string): ReturnType<typeof statIfThere> {
  return lstat(path).catch(undefinedIfMissing);
}

async function statIfThere(path: string): Promise<Awaited<ReturnType<typeof stat>> | undefined> {
  return stat(path).catch(undefinedIfMissing);
}

function undefinedIfMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
  return undefined;
}

function missingFolder(folder: string): CommandError {
  return new CommandError({
    code: 'not-found',
    message: `The folder ${folder} does not exist.`,
    hint: 'Make it first, or name another path with -o.',
    details: { path: folder },
  });
}

function folderInTheWay(path: string, version: ModelVersion): CommandError {
  return new CommandError({
    code: 'invalid-argument',
    message: `${path} is a folder, and a file is meant.`,
    hint: `Name the file in it: -o ${join(path, defaultName(version))}`,
    details: { path },
  });
}

function inTheWay(path: string): CommandError {
  return new CommandError({
    code: 'already-exists',
    message: `${path} is there already.`,
    hint: 'Name another path with -o, or replace it with --force.',
    details: { path },
  });
}

function ownFolder(path: string): CommandError {
  return new CommandError({
    code: 'invalid-argument',
    message: `${path} holds the folder that you are in, so it is not replaced.`,
    hint: 'Name a folder of its own with -o.',
    details: { path },
  });
}
