import { hash } from 'node:crypto';
import { utcTimestamp } from '@holdfast/domain';
import type { MigrationReport } from '../migration-report.ts';
import { fillField } from '../records/fill-field.ts';
import { type TakenPart, migrationPart, takeParts } from '../schema/migration-part.ts';
import { planMigration, refuseDiffering, refuseForeign } from '../schema/plan-migration.ts';
import type { RegistrySchema } from '../schema/registry-schema.ts';
import { ledgerStatement, type SchemaHistory } from '../schema/schema-history.ts';
import { sealRows } from '../schema/seal-rows.ts';
import { toPostgres } from '../schema/to-postgres.ts';
import { describePostgresSchema } from './describe-postgres-schema.ts';
import { NulEscapingConnection } from './nul-escaping-connection.ts';
import type { PostgresConnection } from './postgres-connection.ts';
import { kyselyOver } from './postgres-dialect.ts';
import { isMissingTable } from './to-storage-error.ts';

/** How a schema is migrated. */
export interface MigratePostgresOptions {
  readonly schema: string;
  readonly history: SchemaHistory;
  /** Only tell what would be done. */
  readonly dryRun: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Makes the id of a new registry. */
  readonly newId: () => string;
}

/**
 * Brings a schema to the newest version: one query when it is there already, else one transaction under an advisory
 * lock, so that of two starters one migrates and the other finds it done. Fields of stored records are filled in by further
 * transactions; what was interrupted goes on with the next start. A missing schema is made.
 *
 * @throws StorageError `invalid-configuration` when it is newer than this program or holds something else, `corrupt`
 *   when the tables are not the expected ones afterwards; nothing is changed then.
 */
export async function migratePostgres(
  connection: PostgresConnection,
  options: MigratePostgresOptions,
): Promise<MigrationReport> {
  const plan = planMigration(await readVersion(connection, options), options.history);
  if (plan.steps.length === 0 || options.dryRun) return plan;
  return { ...plan, ...(await takeParts(() => migratePart(connection, options))) };
}

/** Takes the steps of one transaction. */
async function migratePart(
  connection: PostgresConnection,
  options: MigratePostgresOptions,
): Promise<TakenPart> {
  // A snapshot of the whole transaction would have been taken before the lock was waited for.
  await connection.run('begin isolation level read committed');
  try {
    const part = await migrateLocked(connection, options);
    await connection.run('commit');
    return part;
  } catch (error) {
    await connection.run('rollback').catch(() => undefined);
    throw error;
  }
}

async function readVersion(
  connection: PostgresConnection,
  { schema, history }: MigratePostgresOptions,
): Promise<number> {
  try {
    const [answer] = await connection.run(`select max(version) as version from ${schema}.${history.ledger}`);
    return Number(answer?.rows[0]?.['version'] ?? 0);
  } catch (error) {
    if (!isMissingTable(error)) throw error;
    return 0;
  }
}

async function migrateLocked(
  connection: PostgresConnection,
  options: MigratePostgresOptions,
): Promise<TakenPart> {
  const { schema, history, now } = options;
  await connection.run(`select pg_advisory_xact_lock(${lockOf(schema)})`, { waitMs: 0 });
  const tables = await tablesOf(connection, schema);
  const version = tables.includes(history.ledger) ? await readVersion(connection, options) : 0;
  const nothing = { fromVersion: version, taken: [] };
  if (planMigration(version, history).steps.length === 0) return { ...nothing, isAll: true };
  const { steps, isLast } = migrationPart(history.migrations, version);
  const isNew = !tables.includes(history.ledger);
  if (isNew) {
    refuseForeign(tables, history, 'schema');
    if (!(await schemaExists(connection, schema))) await connection.run(`create schema ${schema}`);
    await connection.run(toPostgres(ledgerStatement(history)));
  }
  const database = kyselyOver<RegistrySchema>(new NulEscapingConnection(connection));
  for (const migration of steps) {
    for (const statement of migration.statements) await connection.run(toPostgres(statement));
    if (migration.fills !== undefined && !(await fillField(database, migration.fills)))
      return { ...nothing, isAll: false };
    await connection.run(
      `insert into ${history.ledger} (version, name, applied_at) values (${migration.version}, '${migration.name}', '${utcTimestamp(now())}')`,
    );
  }
  if (version > 0 && steps.some(({ sealsRows }) => sealsRows === true)) await sealRows(database);
  if (isNew && history.hasId)
    await connection.run(`insert into meta (key, value) values ('registry_id', '${options.newId()}')`);
  if (isLast) await assertExpected(connection, options);
  return { fromVersion: version, taken: steps.map(({ name }) => name), isAll: isLast };
}

/** Makes the tables once more, in a schema that goes again, and compares. */
async function assertExpected(
  connection: PostgresConnection,
  { schema, history }: MigratePostgresOptions,
): Promise<void> {
  const probe = `holdfast_expected_${hash('sha256', schema, 'hex').slice(0, 16)}`;
  await connection.run(`create schema ${probe}; set local search_path = ${probe}`);
  await connection.run(toPostgres(ledgerStatement(history)));
  for (const { statements } of history.migrations) {
    for (const statement of statements) await connection.run(toPostgres(statement));
  }
  const expected = await describePostgresSchema(connection, probe);
  await connection.run(`drop schema ${probe} cascade; set local search_path = ${schema}`);
  const found = await describePostgresSchema(connection, schema);
  const names = new Set([...expected.keys(), ...found.keys()]);
  refuseDiffering(
    [...names].filter((name) => expected.get(name) !== found.get(name)),
    history,
  );
}

async function tablesOf(connection: PostgresConnection, schema: string): Promise<readonly string[]> {
  const [answer] = await connection.run(
    `select table_name::text as name from information_schema.tables where table_schema = '${schema}' order by 1`,
  );
  return (answer?.rows ?? []).map((row) => String(row['name']));
}

async function schemaExists(connection: PostgresConnection, schema: string): Promise<boolean> {
  const [answer] = await connection.run(`select 1 from pg_namespace where nspname = '${schema}'`);
  return (answer?.rows.length ?? 0) > 0;
}

/** Advisory locks are numbers; this one is the schema's. */
function lockOf(schema: string): string {
  return hash('sha256', `holdfast migrate ${schema}`, 'buffer').readBigInt64BE().toString();
}
