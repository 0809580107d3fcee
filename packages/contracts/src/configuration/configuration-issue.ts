/** One thing that is wrong with a configuration. */
export interface ConfigurationIssue {
  /** Where, such as `stores.lake.root`; empty for the whole. */
  readonly path: string;
  /** What is wrong, as the end of the sentence "`path` `value` …". */
  readonly message: string;
  /** The value as it may be shown: shortened, and without what could be a credential. */
  readonly value?: string;
  /** What is allowed instead. */
  readonly allowed?: readonly string[];
}
