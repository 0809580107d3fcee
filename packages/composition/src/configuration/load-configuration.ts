import { homedir } from 'node:os';
import type { Configuration } from '@holdfast/contracts';
import { defaultConfiguration } from './default-configuration.ts';
import { findProject } from './find-project.ts';
import { overridesIn } from './overrides-in.ts';

/** What the command line says about the configuration. */
export interface ConfigurationFlags {
  /** `--config`: the configuration file. */
  readonly config?: string | undefined;
  /** `--set`: single values, such as `stores.default.root=/data`. */
  readonly set?: readonly string[] | undefined;
}

export interface LoadConfigurationOptions {
  /** Absolute. Where the search for a file begins, and where the paths of environment and flags do. */
  readonly workingFolder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly flags?: ConfigurationFlags;
  /** @default the home folder of the user */
  readonly homeFolder?: string;
  /** Whose rules for the folders of users hold. @default process.platform */
  readonly platform?: NodeJS.Platform;
}

/** A configuration, and where it comes from. */
export interface LoadedConfiguration {
  readonly configuration: Configuration;
  /** By path, such as `stores.default.root`: `default`, `file:PATH:LINE`, `environment:NAME` or `flag:--set`. */
  readonly sources: Readonly<Record<string, string>>;
  /** The configuration file, where there is one. Absolute. */
  readonly file?: string;
  /** The user's data folder, where no project was found and things are kept there by default. Absolute. */
  readonly userFolder?: string;
  /** Variables `HOLDFAST_…` that set nothing. */
  readonly ignoredVariables: readonly string[];
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
