/** Where a configuration, and what it keeps by default, lies. */
export interface Project {
  /** The configuration file, where there is one. Absolute. */
  readonly file?: string;
  /** Whether the file was found in a folder upward rather than named. */
  readonly isFound?: true;
  /** The user's data folder, where no folder upward has a configuration or a kept folder. Absolute. */
  readonly userFolder?: string;
  /** The folder of the default store. Absolute. */
  readonly storeRoot: string;
  /** The file of the default database. Absolute. */
  readonly databaseFile: string;
}
