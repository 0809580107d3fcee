import type { MigrationReport } from '@holdfast/adapter-sql';
import type { DatabaseConfiguration } from '@holdfast/contracts';
import { registryOptions } from './registry-options.ts';

/** How the registry's database is migrated. */
export interface MigrateRegistryOptions {
  /** Ends waiting for a locked database. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Brings the registry's database to this program's version and tells what was done. An existing file is copied
 * beside itself first; on a server nothing is copied. A missing one is made, with its folder. A registry in memory never needs it.
 *
 * @throws StorageError as `migrateSqlRegistry` of `@holdfast/adapter-sql` does.
 */
export function migrateRegistry(
  database: DatabaseConfiguration,
  options: MigrateRegistryOptions = {},
): Promise<MigrationReport> {
  return migrate(database, { ...options, dryRun: false });
}

/**
 * What {@link migrateRegistry} would do. Nothing is written.
 *
 * @throws StorageError as {@link migrateRegistry} does.
 */
export function pendingMigrations(
  database: DatabaseConfiguration,
  options: MigrateRegistryOptions = {},
): Promise<MigrationReport> {
  return migrate(database, { ...options, dryRun: true });
}

async function migrate(
  database: DatabaseConfiguration,
  options: MigrateRegistryOptions & { readonly dryRun: boolean },
): Promise<MigrationReport> {
  if (database.url === 'memory:') return { fromVersion: 0, toVersion: 0, steps: [] };
  const { migrateSqlRegistry } = await import('@holdfast/adapter-sql');
  return migrateSqlRegistry({ ...registryOptions(database), ...options, createFolder: true });
}
