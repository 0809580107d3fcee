import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isTaken, syncFolder, writeFileWhole } from '@holdfast/files';
import { StorageError } from '@holdfast/ports';
import { configurationTemplate } from './configuration-template.ts';
import { configurationFileName, keptFolderName } from './find-project.ts';

export interface InitConfigurationOptions {
  /** Where the configuration is to lie; made if missing. */
  readonly folder: string;
}

/** A configuration file that was written. */
export interface InitializedConfiguration {
  /** Absolute. */
  readonly file: string;
  readonly text: string;
}

/**
 * Writes a new `holdfast.yaml`, with a comment on every field, and the folder `.holdfast` beside it,
 * which version control is told to leave out.
 *
 * @throws StorageError `already-exists` when there is one; it is left as it is.
 */
export async function initConfiguration({
  folder,
}: InitConfigurationOptions): Promise<InitializedConfiguration> {
  const file = join(resolve(folder), configurationFileName);
  const kept = join(resolve(folder), keptFolderName);
  await mkdir(folder, { recursive: true });
  if (!(await writeNew(file, configurationTemplate))) {
    throw new StorageError({
      code: 'already-exists',
      operation: 'init',
      message: `There is a configuration already: ${file}.`,
      hint: 'Change it, or choose another folder.',
    });
  }
  await mkdir(kept, { recursive: true, mode: 0o700 });
  await writeNew(join(kept, '.gitignore'), '*\n');
  await syncFolder(folder);
  return { file, text: configurationTemplate };
}

async function writeNew(file: string, text: string): Promise<boolean> {
  try {
    await writeFileWhole(file, text);
    return true;
  } catch (error) {
    if (isTaken(error)) return false;
    throw error;
  }
}
