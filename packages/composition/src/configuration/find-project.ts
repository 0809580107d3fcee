import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ConfigurationError } from './configuration-error.ts';
import type { ConfigurationFlags } from './configuration-flags.ts';
import type { Project } from './project.ts';
import { type UserFoldersOptions, userFolders } from './user-folders.ts';

/** The name of a configuration file. */
export const configurationFileName = 'holdfast.yaml';

/** The folder beside it where things are kept by default. */
export const keptFolderName = '.holdfast';

export interface FindProjectOptions extends UserFoldersOptions {
  /** Absolute. */
  readonly workingFolder: string;
  readonly flags?: ConfigurationFlags | undefined;
}

/**
 * Finds the configuration that holds for a folder.
 *
 * @throws ConfigurationError when `--config` or `HOLDFAST_CONFIG` names a file that is not there.
 */
export async function findProject(options: FindProjectOptions): Promise<Project> {
  const named = await namedFile(options);
  if (named !== undefined) return inFolder(dirname(named), named);
  for (const folder of upward(options.workingFolder)) {
    const file = join(folder, configurationFileName);
    if (await isThere(file, 'file')) return { ...inFolder(folder, file), isFound: true };
    if (await isThere(join(folder, keptFolderName), 'folder')) return inFolder(folder);
  }
  const { configuration, data } = userFolders(options);
  const file = join(configuration, configurationFileName);
  const kept = { storeRoot: join(data, 'store'), databaseFile: join(data, 'registry.db') };
  return (await isThere(file, 'file')) ? { file, ...kept } : { userFolder: data, ...kept };
}

function inFolder(folder: string, file?: string): Project {
  const kept = join(folder, keptFolderName);
  return {
    ...(file === undefined ? {} : { file }),
    storeRoot: join(kept, 'store'),
    databaseFile: join(kept, 'registry.db'),
  };
}

async function namedFile({
  flags,
  environment,
  workingFolder,
}: FindProjectOptions): Promise<string | undefined> {
  const named = flags?.config ?? (environment['HOLDFAST_CONFIG'] || undefined);
  if (named === undefined) return undefined;
  const source = flags?.config === undefined ? 'environment:HOLDFAST_CONFIG' : 'flag:--config';
  const file = resolve(workingFolder, named);
  if (await isThere(file, 'file')) return file;
  throw new ConfigurationError([{ path: '', value: JSON.stringify(file), message: 'is not a file', source }]);
}

function* upward(folder: string): Iterable<string> {
  yield folder;
  const above = dirname(folder);
  if (above !== folder) yield* upward(above);
}

async function isThere(path: string, kind: 'file' | 'folder'): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return false;
  return kind === 'folder' ? found.isDirectory() : !found.isDirectory();
}
