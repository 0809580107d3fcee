import type { LoadedConfiguration } from './loaded-configuration.ts';

/** One value that holds, and where it comes from. */
export interface ConfigurationSetting {
  /** Such as `stores.default.root`. */
  readonly path: string;
  readonly value: string | number | boolean;
  /** `default`, `file:PATH:LINE`, `environment:NAME` or `flag:--set`. */
  readonly source: string;
}

/** Every value of a configuration with its source, in the order of the configuration. */
export function listSettings(loaded: LoadedConfiguration): readonly ConfigurationSetting[] {
  return settingsOf(loaded.configuration, []).map(({ path, value }) => ({
    path,
    value,
    source: loaded.sources[path] ?? 'default',
  }));
}

function settingsOf(value: unknown, path: readonly string[]): Omit<ConfigurationSetting, 'source'>[] {
  if (typeof value !== 'object' || value === null) {
    return [{ path: path.join('.'), value: value as ConfigurationSetting['value'] }];
  }
  return Object.entries(value).flatMap(([key, child]) => settingsOf(child, [...path, key]));
}
