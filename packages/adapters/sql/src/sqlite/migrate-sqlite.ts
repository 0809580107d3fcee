import type { DatabaseSync } from 'node:sqlite';
import { type BusyOptions, retryWhileBusy } from '@holdfast/adapter-kit';
import { utcTimestamp } from '@holdfast/domain';
import type { MigrationReport } from '../migration-report.ts';
import { fillField } from '../records/fill-field.ts';
import { type TakenPart, migrationPart, takeParts } from '../schema/migration-part.ts';
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
 * under the write lock, so that of two starters one migrates and the other finds it done. Fields of stored records are
 * filled in by further ones; what was interrupted goes on with the next start.
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
  const copies: string[] = [];
  let isFirst = true;
  const done = await takeParts(async () => {
    const { copyPath, ...part } = await migratePart(database, options, { isFirst });
    if (copyPath !== undefined) copies.push(copyPath);
    isFirst = false;
    return part;
  });
  const [copyPath] = copies;
  return { ...plan, ...done, ...(copyPath === undefined ? {} : { copyPath }) };
}

interface MigratedPart extends TakenPart {
  readonly copyPath?: string | undefined;
}

/** Takes the steps of one transaction, under the write lock. */
async function migratePart(
  database: DatabaseSync,
  options: MigrateSqliteOptions,
  { isFirst }: { readonly isFirst: boolean },
): Promise<MigratedPart> {
  await retryWhileBusy(() => database.exec('begin immediate'), options);
  try {
    const part = await migrateLocked(database, options, { isFirst });
    await retryWhileBusy(() => database.exec('commit'), options);
    return part;
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
  { isFirst }: { readonly isFirst: boolean },
): Promise<MigratedPart> {
  const { history, path } = options;
  const plan = planMigration(readVersion(database, history), history);
  const { fromVersion } = plan;
  if (plan.steps.length === 0) return { fromVersion, taken: [], isAll: true };
  const isNew = fromVersion === 0;
  const { steps, isLast } = migrationPart(history.migrations, fromVersion);
  const copyPath =
    !isFirst || isNew || path === undefined || !history.isCopied
      ? undefined
      : copySqliteDatabase(path, { version: fromVersion, nowMs: options.now() });
  if (isNew) database.exec(ledgerStatement(history));
  const note = database.prepare(`insert into ${history.ledger} (version, name, applied_at) values (?, ?, ?)`);
  for (const migration of steps) {
    for (const statement of migration.statements) database.exec(statement);
    const isDone =
      migration.fills === undefined || (await fillField(kyselyOverDatabase(database), migration.fills));
    if (!isDone) return { fromVersion, taken: [], isAll: false, copyPath };
    note.run(migration.version, migration.name, utcTimestamp(options.now()));
  }
  if (fromVersion > 0 && steps.some(({ sealsRows }) => sealsRows === true))
    await sealRows(kyselyOverDatabase(database));
  if (isNew && history.hasId)
    database.prepare("insert into meta (key, value) values ('registry_id', ?)").run(options.newId());
  if (isLast)
    refuseDiffering(differingNames(readSqliteSchema(database), expectedSqliteSchema(history)), history);
  return { fromVersion, taken: steps.map(({ name }) => name), isAll: isLast, copyPath };
}
