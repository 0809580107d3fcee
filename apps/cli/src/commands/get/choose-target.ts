import type { Stats } from 'node:fs';
import { lstat, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { ArtifactKind, type ModelVersion, whyNotWindowsName } from '@holdfast/domain';
import { undefinedIfAbsent } from '@holdfast/files';
import { refuseSpecialFile } from '../../command/refuse-special-file.ts';
import { CommandError } from '../../failure/command-error.ts';
import { missingFolder } from '../../failure/missing-folder.ts';

const folderHint = 'Make it first, or name another path with -o.';

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
  const { workingFolder, overwrite } = options;
  const path = await namedPath(version, options);
  const [found, target, folder] = await Promise.all([
    lstatIfThere(path),
    statIfThere(path),
    statIfThere(dirname(path)),
  ]);
  if (folder?.isDirectory() !== true) throw missingFolder(dirname(path), folderHint);
  if (found === undefined) return path;
  refuseSpecialFile(path, target, 'Name a file, or - for standard output (-o -).');
  const isFolder = found.isDirectory();
  if (isFolder && version.artifactKind === ArtifactKind.File) throw folderInTheWay(path, version);
  if (!overwrite) throw inTheWay(path);
  if (isFolder && holds(path, workingFolder)) throw ownFolder(path);
  return path;
}

/** A name that ends with a slash is that of a folder to write into, where there is one. */
async function namedPath(version: ModelVersion, { output, workingFolder }: TargetOptions): Promise<string> {
  const path = resolve(workingFolder, output ?? defaultName(version));
  if (output === undefined || !endsWithSeparator(output)) return path;
  if ((await statIfThere(path))?.isDirectory() === true) return join(path, defaultName(version));
  if (version.artifactKind === ArtifactKind.File) throw missingFolder(path, folderHint);
  return path;
}

function endsWithSeparator(path: string): boolean {
  return path.endsWith('/') || path.endsWith(sep);
}

/** Names in a registry come from anywhere: only the last part of one is taken, where this platform takes it as a name. */
function defaultName({ sourceName = '', modelName }: ModelVersion): string {
  const name = basename(sourceName);
  const isUsable =
    !['', '.', '..'].includes(name) &&
    (process.platform !== 'win32' || whyNotWindowsName(name) === undefined);
  return isUsable ? name : basename(modelName);
}

function holds(folder: string, inner: string): boolean {
  return !relative(folder, inner).startsWith('..');
}

async function lstatIfThere(path: string): Promise<Stats | undefined> {
  return lstat(path).catch(undefinedIfAbsent);
}

async function statIfThere(path: string): Promise<Stats | undefined> {
  return stat(path).catch(undefinedIfAbsent);
}

function folderInTheWay(path: string, version: ModelVersion): CommandError {
  return new CommandError({
    code: 'invalid-argument',
    message: `${path} is a folder, not a file.`,
    hint: `Name the file in it: -o ${join(path, defaultName(version))}`,
    details: { path },
  });
}

function inTheWay(path: string): CommandError {
  return new CommandError({
    code: 'already-exists',
    message: `${path} already exists.`,
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
