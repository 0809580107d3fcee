import type { DatabaseSync } from 'node:sqlite';
import { type BusyOptions, retryWhileBusy } from '@holdfast/adapter-kit';
import { StorageBackend, utcTimestamp } from '@holdfast/domain';
import { StorageError, StorageErrorCode } from '@holdfast/ports';
import type { Migration } from '../schema/migrations.ts';
import { isSqliteLogicError } from '../to-storage-error.ts';
import { copySqliteDatabase } from './copy-sqlite-database.ts';
import { differingNames, expectedSqliteSchema, readSqliteSchema } from './read-sqlite-schema.ts';

const ledgerStatement =
  'create table schema_migrations (version integer not null primary key, name text not null, applied_at text not null) strict';

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

/** How a database is migrated. */
export interface MigrateSqliteOptions extends BusyOptions {
  readonly migrations: readonly Migration[];
  /** The file to copy before it is changed; nothing for a database in memory. */
  readonly path: string | undefined;
  readonly dryRun: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Makes the id of a new registry. */
  readonly newId: () => string;
}

/**
 * Brings a database to the newest version: one query when it is there already, else one transaction
 * under the write lock, so that of two starters one migrates and the other finds it done.
 *
 * @throws StorageError `invalid-configuration` when the database is newer than this program or not a registry,
 *   `corrupt` when the schema is not the expected one afterwards; nothing is changed then.
 */
export async function migrateSqlite(
  database: DatabaseSync,
  options: MigrateSqliteOptions,
): Promise<MigrationReport> {
  const found = await retryWhileBusy(() => readVersion(database), options);
  const plan = planOf(found, options.migrations);
  if (plan.steps.length === 0 || options.dryRun) return plan;
  await retryWhileBusy(() => database.exec('begin immediate'), options);
  try {
    const report = migrateLocked(database, options);
    await retryWhileBusy(() => database.exec('commit'), options);
    return report;
  } catch (error) {
    if (database.isTransaction) database.exec('rollback');
    throw error;
  }
}

/**
 * The version of a database's schema; 0 when it is empty.
 *
 * @throws StorageError `invalid-configuration` when it holds something else than a registry.
 */
function readVersion(database: DatabaseSync): number {
  try {
    return Number(
      database.prepare('select max(version) as version from schema_migrations').get()?.['version'],
    );
  } catch (error) {
    if (!isSqliteLogicError(error)) throw error;
  }
  const foreign = readSqliteSchema(database);
  if (foreign.size === 0 || foreign.has('schema_migrations')) return 0;
  throw configurationError(
    'the database is not a Holdfast registry',
    `It holds other tables (${[...foreign.keys()].slice(0, 3).join(', ')}). Name another file.`,
  );
}

function migrateLocked(database: DatabaseSync, options: MigrateSqliteOptions): MigrationReport {
  const { migrations, path } = options;
  const plan = planOf(readVersion(database), migrations);
  if (plan.steps.length === 0) return plan;
  const isNew = plan.fromVersion === 0;
  const copyPath =
    isNew || path === undefined
      ? undefined
      : copySqliteDatabase(path, { version: plan.fromVersion, nowMs: options.now() });
  if (isNew) database.exec(ledgerStatement);
  const note = database.prepare('insert into schema_migrations (version, name, applied_at) values (?, ?, ?)');
  for (const migration of migrations.slice(plan.fromVersion)) {
    for (const statement of migration.statements) database.exec(statement);
    note.run(migration.version, migration.name, utcTimestamp(options.now()));
  }
  if (isNew) database.prepare("insert into meta (key, value) values ('registry_id', ?)").run(options.newId());
  assertExpectedSchema(database, migrations);
  return { ...plan, ...(copyPath === undefined ? {} : { copyPath }) };
}

function planOf(fromVersion: number, migrations: readonly Migration[]): MigrationReport {
  const toVersion = migrations.length;
  if (fromVersion > toVersion) {
    throw configurationError(
      `the registry's database has version ${fromVersion}, and this program knows versions up to ${toVersion}`,
      'Upgrade Holdfast: a newer one has used this registry.',
    );
  }
  return { fromVersion, toVersion, steps: migrations.slice(fromVersion).map((migration) => migration.name) };
}

function assertExpectedSchema(database: DatabaseSync, migrations: readonly Migration[]): void {
  const differing = differingNames(
    readSqliteSchema(database),
    expectedSqliteSchema(migrations, ledgerStatement),
  );
  if (differing.length === 0) return;
  throw new StorageError({
    code: StorageErrorCode.Corrupt,
    operation: 'migrate',
    backend: StorageBackend.Database,
    message: `the schema of the registry's database is not the expected one: ${differing.join(', ')}`,
    hint: 'Somebody changed the tables by hand. The migration was undone; restore the database from a backup.',
  });
}

function configurationError(message: string, hint: string): StorageError {
  return new StorageError({
    code: StorageErrorCode.InvalidConfiguration,
    operation: 'migrate',
    backend: StorageBackend.Database,
    message,
    hint,
  });
}
