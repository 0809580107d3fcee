import type { Configuration } from '@holdfast/contracts';

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
