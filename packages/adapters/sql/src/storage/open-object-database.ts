import { StorageBackend } from '@holdfast/domain';
import { type Cancellable, StorageError } from '@holdfast/ports';
import { parseRegistryUrl } from '../parse-registry-url.ts';
import { isPostgresUrl } from '../postgres/postgres-location.ts';
import { resolvePostgresOptions } from '../postgres/postgres-options.ts';
import type { DatabaseStorageOptions } from './database-storage-options.ts';
import type { ObjectDatabase } from './object-database.ts';
import { SqliteObjectDatabase } from './sqlite-object-database.ts';

/** Opens the database of a store, unless it is cancelled before it stands. */
export type OpenObjectDatabase = (options?: Cancellable) => Promise<ObjectDatabase>;

/**
 * Checks the options of a store; what it answers opens the database, for which it loads the driver.
 *
 * @throws StorageError `invalid-configuration` naming what is wrong.
 */
export function openObjectDatabase(options: DatabaseStorageOptions): OpenObjectDatabase {
  return isPostgresUrl(options.url) ? postgresOpener(options) : sqliteOpener(options);
}

function sqliteOpener(options: DatabaseStorageOptions): OpenObjectDatabase {
  const { url, createIfMissing = true, onSlowQuery, slowQueryMs = 1_000 } = options;
  const { busyTimeoutMs = 30_000, medium, access } = options;
  const location = parseRegistryUrl(url);
  if (location.kind === 'memory') {
    throw new StorageError({
      code: 'invalid-configuration',
      operation: 'open',
      backend: StorageBackend.Database,
      message: 'A store in the memory of SQLite would be gone with each adapter.',
      hint: 'Use the backend memory.',
    });
  }
  return () =>
    SqliteObjectDatabase.open(location, {
      createIfMissing,
      onSlowQuery,
      slowQueryMs,
      busyTimeoutMs,
      medium,
      access,
    });
}

function postgresOpener(options: DatabaseStorageOptions): OpenObjectDatabase {
  const { createIfMissing = true } = options;
  const resolved = resolvePostgresOptions(options, {
    schema: 'holdfast_objects',
    retry: { attempts: 10, totalMs: 180_000, baseDelayMs: 100, maximumDelayMs: 15_000 },
    leastPoolSize: 1,
  });
  return async (cancellable) => {
    const { PostgresObjectDatabase } = await import('./postgres-object-database.ts');
    return PostgresObjectDatabase.open({ ...resolved, createIfMissing }, cancellable);
  };
}
