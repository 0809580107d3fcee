/** What the command line says about the configuration. */
export interface ConfigurationFlags {
  /** `--config`: the configuration file. */
  readonly config?: string | undefined;
  /** `--set`: single values, such as `stores.default.root=/data`. */
  readonly set?: readonly string[] | undefined;
}
