import { StorageBackend } from '@holdfast/domain';
import { StorageError, StorageErrorCode } from '@holdfast/ports';
import type { MigrationReport } from '../migration-report.ts';
import type { SchemaHistory } from './schema-history.ts';

/**
 * The steps from a version to the newest.
 *
 * @throws StorageError `invalid-configuration` when the database is newer than this program.
 */
export function planMigration(fromVersion: number, { holder, migrations }: SchemaHistory): MigrationReport {
  const toVersion = migrations.length;
  if (fromVersion > toVersion) {
    throw configurationError(
      `the ${holder}'s database has version ${fromVersion}, and this program knows versions up to ${toVersion}`,
      `Upgrade Holdfast: a newer one has used this ${holder}.`,
    );
  }
  return { fromVersion, toVersion, steps: migrations.slice(fromVersion).map((migration) => migration.name) };
}

/** @throws StorageError `invalid-configuration` when a database without a ledger holds tables. */
export function refuseForeign(tables: readonly string[], { holder }: SchemaHistory, place: string): void {
  if (tables.length === 0) return;
  throw configurationError(
    `the database is not a Holdfast ${holder}`,
    `It holds other tables (${tables.slice(0, 3).join(', ')}). Name another ${place}.`,
  );
}

/** @throws StorageError `corrupt` when something differs from the expected schema. */
export function refuseDiffering(differing: readonly string[], { holder }: SchemaHistory): void {
  if (differing.length === 0) return;
  throw new StorageError({
    code: StorageErrorCode.Corrupt,
    operation: 'migrate',
    backend: StorageBackend.Database,
    message: `the schema of the ${holder}'s database is not the expected one: ${differing.join(', ')}`,
    hint: 'The tables were changed by hand. The migration was rolled back; restore the database from a backup.',
  });
}

/**
 * For a database that can only be read.
 *
 * @throws StorageError `invalid-configuration` when steps are pending.
 */
export function refusePending(report: MigrationReport, { holder }: SchemaHistory): void {
  if (report.steps.length === 0) return;
  throw configurationError(
    `the ${holder}'s database has version ${report.fromVersion}, this program needs version ${report.toVersion},` +
      ' and the database can only be read',
    'Open it once where it can be written to, so that it is migrated.',
    'open',
  );
}

function configurationError(message: string, hint: string, operation = 'migrate'): StorageError {
  return new StorageError({
    code: StorageErrorCode.InvalidConfiguration,
    operation,
    backend: StorageBackend.Database,
    message,
    hint,
  });
}
