import { dirname } from 'node:path';
import { parseConfiguration } from '@holdfast/contracts';
import { ConfigurationError } from './configuration-error.ts';
import { environmentSettings } from './environment-settings.ts';
import { flagSettings } from './flag-settings.ts';
import { listSettings } from './list-settings.ts';
import type { LoadConfigurationOptions } from './load-configuration.ts';
import type { LoadedConfiguration } from './loaded-configuration.ts';
import { mergeSettings } from './merge-settings.ts';
import { withMlflowDefaults } from './mlflow-defaults.ts';
import type { Project } from './project.ts';
import { readConfigurationFile } from './read-configuration-file.ts';
import { resolvePaths } from './resolve-paths.ts';
import { assignSettings } from './setting-assignment.ts';
import {
  type ConfigurationSource,
  type SettingNode,
  settingValue,
  sourceAt,
  toSettingNode,
} from './setting-node.ts';
import { assertTrusted } from './trusted-file.ts';
import { type UserFoldersOptions, userFolders } from './user-folders.ts';

const byDefault: ConfigurationSource = { source: 'default' };
const nothing: SettingNode = toSettingNode({}, () => byDefault);

/** Reads every layer of a configuration, lays them over each other, and checks the whole. */
export async function loadLayers(
  project: Project,
  options: LoadConfigurationOptions & { readonly homeFolder: string },
): Promise<LoadedConfiguration> {
  const { workingFolder, homeFolder, environment, flags } = options;
  const variables = environmentSettings(environment);
  const overrides = flagSettings(flags?.set ?? []);
  const file = await fileLayer(project, { ...options, platform: options.platform ?? process.platform });
  const issues = [...variables.issues, ...overrides.issues];
  if (issues.length > 0) throw new ConfigurationError(issues);
  const assigned = assignSettings(nothing, [...variables.assignments, ...overrides.assignments]);
  const layers = [file, resolvePaths(assigned, { folder: workingFolder, homeFolder })];
  const merged = layers.reduce(mergeSettings, defaultLayer(project, file));
  const tree = withDefaultStore(withMlflowDefaults(merged, environment));
  return toLoadedConfiguration(tree, project, variables.ignored);
}

async function fileLayer({ file, isFound }: Project, options: UserFoldersOptions): Promise<SettingNode> {
  if (file === undefined) return nothing;
  const { environment, homeFolder } = options;
  const settings = await readConfigurationFile(file);
  const userFolder = userFolders(options).configuration;
  if (isFound === true) await assertTrusted(file, settings, { environment, userFolder });
  return resolvePaths(settings, { folder: dirname(file), homeFolder });
}

/** A file that names stores names all of them; else there is one by default. */
function defaultLayer({ storeRoot, databaseFile }: Project, file: SettingNode): SettingNode {
  const stores = { default: { backend: 'local_filesystem', root: storeRoot } };
  const values = { version: 1, database: { url: `sqlite:${databaseFile}` } };
  return toSettingNode(file.children?.has('stores') ? values : { ...values, stores }, () => byDefault);
}

function withDefaultStore(tree: SettingNode): SettingNode {
  const names = [...(tree.children?.get('stores')?.children?.keys() ?? [])];
  const value = names.includes('default') || names.length === 0 ? 'default' : names[0];
  const isClear = names.includes('default') || names.length <= 1;
  if (!isClear || tree.children?.has('defaultStore')) return tree;
  return assignSettings(tree, [{ path: ['defaultStore'], value, source: byDefault }]);
}

function toLoadedConfiguration(
  tree: SettingNode,
  { file, userFolder }: Project,
  ignoredVariables: readonly string[],
): LoadedConfiguration {
  const parsed = parseConfiguration(settingValue(tree));
  if (!parsed.ok)
    throw new ConfigurationError(parsed.issues.map((issue) => ({ ...issue, ...sourceAt(tree, issue.path) })));
  const { configuration } = parsed;
  const said = new Map(settingPaths(tree, []));
  const settings = listSettings({ configuration, sources: {}, ignoredVariables });
  const sources = Object.fromEntries(settings.map(({ path }) => [path, said.get(path) ?? byDefault.source]));
  return {
    configuration,
    sources,
    ...(file === undefined ? {} : { file }),
    ...(userFolder === undefined ? {} : { userFolder }),
    ignoredVariables,
  };
}

function settingPaths({ children, source }: SettingNode, path: readonly string[]): [string, string][] {
  if (children === undefined) return [[path.join('.'), source.source]];
  return Array.from(children).flatMap(([key, child]) => settingPaths(child, [...path, key]));
}
