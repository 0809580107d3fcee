import { StorageBackend } from '@holdfast/domain';
import type { MigrationReport } from '../migration-report.ts';
import type { Migration } from '../schema/migrations.ts';
import { refusePending } from '../schema/plan-migration.ts';
import { registryHistory } from '../schema/registry-history.ts';
import { migratePostgres } from './migrate-postgres.ts';
import type { PostgresConnection } from './postgres-connection.ts';
import type { ResolvedPostgresOptions } from './postgres-options.ts';
import { PostgresPool } from './postgres-pool.ts';
import { PostgresRegistryDatabase } from './postgres-registry-database.ts';
import { PostgresSessions } from './postgres-sessions.ts';

/** How a registry in PostgreSQL is found, and brought to the program's version. */
export interface OpenPostgresRegistryOptions extends ResolvedPostgresOptions {
  readonly busyTimeoutMs: number;
  readonly readOnly: boolean;
  /** Whether a missing registry is made. */
  readonly createIfMissing: boolean;
  readonly now: () => number;
  readonly newId: () => string;
  readonly migrations: readonly Migration[];
  readonly signal: AbortSignal | undefined;
}

/** Connects, and brings the schema, made if it may be, to the newest version. Answers nothing when there is no registry. */
export async function openPostgresRegistry(
  options: OpenPostgresRegistryOptions,
): Promise<PostgresRegistryDatabase | undefined> {
  const { pool } = options;
  const readers = new PostgresPool({ ...pool, poolSize: pool.poolSize - 1 });
  try {
    const found = await onConnection(readers, options, (connection) => prepare(connection, options));
    if (found !== undefined) return new PostgresRegistryDatabase({ ...options, ...found, readers });
  } catch (error) {
    await readers[Symbol.asyncDispose]();
    throw error;
  }
  await readers[Symbol.asyncDispose]();
  return undefined;
}

async function prepare(
  connection: PostgresConnection,
  options: OpenPostgresRegistryOptions,
): Promise<{ readonly readOnly: boolean } | undefined> {
  const { schema } = options.pool;
  const history = { ...registryHistory, migrations: options.migrations };
  const settings = { ...options, schema, history };
  const isKept = options.readOnly || !options.createIfMissing;
  const plan = await migratePostgres(connection, { ...settings, dryRun: isKept });
  if (isKept && plan.fromVersion === 0) return undefined;
  if (options.readOnly) refusePending(plan, history);
  else if (isKept) await migratePostgres(connection, { ...settings, dryRun: false });
  return { readOnly: options.readOnly || (await canOnlyBeRead(connection, schema)) };
}

/** Which registry in PostgreSQL to migrate, and how. */
export interface MigratePostgresRegistryOptions extends ResolvedPostgresOptions {
  readonly migrations: readonly Migration[];
  readonly dryRun: boolean;
  readonly now: () => number;
  readonly newId: () => string;
  readonly signal: AbortSignal | undefined;
}

/** Brings a registry in PostgreSQL to the newest version, or tells what that would do. */
export async function migratePostgresRegistry(
  options: MigratePostgresRegistryOptions,
): Promise<MigrationReport> {
  const { pool: poolOptions, migrations } = options;
  const history = { ...registryHistory, migrations };
  await using pool = new PostgresPool({ ...poolOptions, poolSize: 1 });
  return await onConnection(pool, options, (connection) =>
    migratePostgres(connection, { ...options, schema: poolOptions.schema, history }),
  );
}

/** Whether the server is a standby, transactions only read, or the user may not write. */
async function canOnlyBeRead(connection: PostgresConnection, schema: string): Promise<boolean> {
  const [answer] = await connection.run(
    `select pg_is_in_recovery() or current_setting('transaction_read_only') = 'on'
     or not has_table_privilege('${schema}.models', 'insert') as "readOnly"`,
  );
  return answer?.rows[0]?.['readOnly'] === true;
}

function onConnection<T>(
  pool: PostgresPool,
  { retry, signal }: Pick<OpenPostgresRegistryOptions, 'retry' | 'signal'>,
  work: (connection: PostgresConnection) => Promise<T>,
): Promise<T> {
  const context = { operation: 'open', backend: StorageBackend.Database };
  return new PostgresSessions(pool, { retry }).onConnection(context, work, { signal });
}
