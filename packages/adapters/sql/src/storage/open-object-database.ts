import { StorageBackend } from '@holdfast/domain';
import { type Cancellable, StorageError } from '@holdfast/ports';
import { parseRegistryUrl } from '../parse-registry-url.ts';
import { isPostgresUrl, parsePostgresUrl } from '../postgres/postgres-location.ts';
import type { DatabaseStorageOptions } from './database-storage-options.ts';
import type { ObjectDatabase } from './object-database.ts';
import { PostgresObjectDatabase } from './postgres-object-database.ts';
import { SqliteObjectDatabase } from './sqlite-object-database.ts';

/** Opens the database of a store, unless it is cancelled before it stands. */
export type OpenObjectDatabase = (options?: Cancellable) => Promise<ObjectDatabase>;

/**
 * Checks the options of a store; what it answers opens the database.
 *
 * @throws StorageError `invalid-configuration` naming what is wrong.
 */
export function openObjectDatabase(options: DatabaseStorageOptions): OpenObjectDatabase {
  return isPostgresUrl(options.url) ? postgresOpener(options) : sqliteOpener(options);
}

function sqliteOpener(options: DatabaseStorageOptions): OpenObjectDatabase {
  const { url, createIfMissing = true, onSlowQuery, slowQueryMs = 1_000 } = options;
  const { busyTimeoutMs = 30_000, medium } = options;
  const location = parseRegistryUrl(url);
  if (location.kind === 'memory') {
    throw refusal(
      'A store in the memory of SQLite would be gone with each adapter',
      'Use the backend memory.',
    );
  }
  return () =>
    SqliteObjectDatabase.open(location, { createIfMissing, onSlowQuery, slowQueryMs, busyTimeoutMs, medium });
}

function postgresOpener(options: DatabaseStorageOptions): OpenObjectDatabase {
  const { url, createIfMissing = true, onSlowQuery, slowQueryMs = 1_000, password } = options;
  const { schema = 'holdfast_objects', poolSize = 10, timeouts = {}, retry = {} } = options;
  const { connectMs = 5_000, statementMs = 30_000 } = timeouts;
  const location = parsePostgresUrl(url);
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(schema)) {
    throw refusal(
      `The schema ${JSON.stringify(schema)} has a name that cannot be used`,
      'Use at most 63 lower-case letters, digits and "_".',
    );
  }
  for (const [name, value] of Object.entries({ poolSize, connectMs, statementMs })) {
    if (!Number.isSafeInteger(value) || value < 1) throw refusal(`${name} is ${value}`, 'It begins at 1.');
  }
  return (cancellable) =>
    PostgresObjectDatabase.open(
      {
        createIfMissing,
        retry: { attempts: 10, totalMs: 180_000, baseDelayMs: 100, maximumDelayMs: 15_000, ...retry },
        pool: {
          location,
          password,
          schema,
          poolSize,
          connectMs,
          statementMs,
          prePingAfterMs: 1_000,
          idleMs: 60_000,
          slowQueryMs,
          onSlowQuery,
        },
      },
      cancellable,
    );
}

function refusal(message: string, hint: string): StorageError {
  return new StorageError({
    code: 'invalid-configuration',
    operation: 'open',
    backend: StorageBackend.Database,
    message: `${message}.`,
    hint,
  });
}
