/** Where a configuration, and what it keeps by default, lies. */
export interface Project {
  /** The configuration file, where there is one. Absolute. */
  readonly file?: string;
  /** The folder of the default store. Absolute. */
  readonly storeRoot: string;
  /** The file of the default database. Absolute. */
  readonly databaseFile: string;
}
