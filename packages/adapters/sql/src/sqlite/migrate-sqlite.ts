import type { DatabaseSync } from 'node:sqlite';
import { type BusyOptions, retryWhileBusy } from '@holdfast/adapter-kit';
import { utcTimestamp } from '@holdfast/domain';
import type { MigrationReport } from '../migration-report.ts';
import { planMigration, refuseDiffering, refuseForeign } from '../schema/plan-migration.ts';
import { ledgerStatement, type SchemaHistory } from '../schema/schema-history.ts';
import { sealRows } from '../schema/seal-rows.ts';
import { isSqliteLogicError } from '../to-storage-error.ts';
import { copySqliteDatabase } from './copy-sqlite-database.ts';
import { kyselyOverDatabase } from './kysely-over-database.ts';
import { differingNames, expectedSqliteSchema, readSqliteSchema } from './read-sqlite-schema.ts';

/** How a database is migrated. */
export interface MigrateSqliteOptions extends BusyOptions {
  readonly history: SchemaHistory;
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
 * @throws StorageError `invalid-configuration` when the database is newer than this program or holds something else,
 *   `corrupt` when the schema is not the expected one afterwards; nothing is changed then.
 */
export async function migrateSqlite(
  database: DatabaseSync,
  options: MigrateSqliteOptions,
): Promise<MigrationReport> {
  const { history } = options;
  const found = await retryWhileBusy(() => readVersion(database, history), options);
  const plan = planMigration(found, history);
  if (plan.steps.length === 0 || options.dryRun) return plan;
  await retryWhileBusy(() => database.exec('begin immediate'), options);
  try {
    const report = await migrateLocked(database, options);
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
 * @throws StorageError `invalid-configuration` when it holds something else.
 */
function readVersion(database: DatabaseSync, history: SchemaHistory): number {
  try {
    return Number(
      database.prepare(`select max(version) as version from ${history.ledger}`).get()?.['version'],
    );
  } catch (error) {
    if (!isSqliteLogicError(error)) throw error;
  }
  const found = readSqliteSchema(database);
  if (!found.has(history.ledger)) refuseForeign([...found.keys()], history, 'file');
  return 0;
}

async function migrateLocked(
  database: DatabaseSync,
  options: MigrateSqliteOptions,
): Promise<MigrationReport> {
  const { history, path } = options;
  const plan = planMigration(readVersion(database, history), history);
  if (plan.steps.length === 0) return plan;
  const isNew = plan.fromVersion === 0;
  const copyPath =
    isNew || path === undefined || !history.isCopied
      ? undefined
      : copySqliteDatabase(path, { version: plan.fromVersion, nowMs: options.now() });
  if (isNew) database.exec(ledgerStatement(history));
  const note = database.prepare(`insert into ${history.ledger} (version, name, applied_at) values (?, ?, ?)`);
  for (const migration of history.migrations.slice(plan.fromVersion)) {
    for (const statement of migration.statements) database.exec(statement);
    note.run(migration.version, migration.name, utcTimestamp(options.now()));
  }
  if (
    plan.fromVersion > 0 &&
    history.migrations.slice(plan.fromVersion).some(({ sealsRows }) => sealsRows === true)
  )
    await sealRows(kyselyOverDatabase(database));
  if (isNew && history.hasId)
    database.prepare("insert into meta (key, value) values ('registry_id', ?)").run(options.newId());
  refuseDiffering(differingNames(readSqliteSchema(database), expectedSqliteSchema(history)), history);
  return { ...plan, ...(copyPath === undefined ? {} : { copyPath }) };
}
