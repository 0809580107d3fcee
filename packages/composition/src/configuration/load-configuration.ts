import { homedir } from 'node:os';
import type { ConfigurationFlags } from './configuration-flags.ts';
import { defaultConfiguration } from './default-configuration.ts';
import { findProject } from './find-project.ts';
import type { LoadedConfiguration } from './loaded-configuration.ts';
import { overridesIn } from './overrides-in.ts';

export interface LoadConfigurationOptions {
  /** Absolute. Where the search for a file begins, and where the paths of environment and flags do. */
  readonly workingFolder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly flags?: ConfigurationFlags | undefined;
  /** @default the home folder of the user */
  readonly homeFolder?: string | undefined;
  /** Whose rules for the folders of users hold. @default process.platform */
  readonly platform?: NodeJS.Platform | undefined;
}

/**
 * Finds out what to run with: flags over environment over file over defaults. Nothing is written.
 *
 * The file is the one of `--config` or `HOLDFAST_CONFIG`, else `holdfast.yaml` in the nearest folder upward that
 * has it or a folder `.holdfast`, else the one in the user's configuration folder.
 *
 * @throws ConfigurationError with everything that is wrong.
 */
export async function loadConfiguration(options: LoadConfigurationOptions): Promise<LoadedConfiguration> {
  const { environment, homeFolder = environment['HOME'] || homedir(), platform = process.platform } = options;
  const project = await findProject({ ...options, homeFolder, platform });
  const overrides = overridesIn(options);
  if (project.file === undefined && overrides.length === 0) return defaultConfiguration(project);
  const { loadLayers } = await import('./load-layers.ts');
  return loadLayers(project, { ...options, homeFolder });
}
