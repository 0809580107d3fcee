/** What a migration did, or in a dry run would do. */
export interface MigrationReport {
  /** The version that was found; 0 for a new database. */
  readonly fromVersion: number;
  readonly toVersion: number;
  /** The names of the steps that were taken, or in a dry run are pending, oldest first. */
  readonly steps: readonly string[];
  /** The copy of the database as it was, where one was taken. */
  readonly copyPath?: string;
}
