import type { ConfigurationIssue } from './configuration-issue.ts';
import { printableValue } from './printable-value.ts';

/** Rewrites the content of a file of one version into the next one. */
export type ConfigurationMigration = (file: Readonly<Record<string, unknown>>) => Record<string, unknown>;

/** A file's content in the version of this program, or why there is none. */
export type MigratedConfiguration =
  | { readonly ok: true; readonly fromVersion: number; readonly file: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly issues: readonly ConfigurationIssue[] };

/** The steps from version to version: the first makes 2 out of 1. There is one version yet, so there is no step. */
export const configurationMigrations: readonly ConfigurationMigration[] = [];

/**
 * Brings the content of a file to the version of this program. A file without a version has version 1.
 *
 * @param steps the steps from version to version, the first from 1 to 2.
 */
export function migrateConfiguration(
  file: Readonly<Record<string, unknown>>,
  steps: readonly ConfigurationMigration[] = configurationMigrations,
): MigratedConfiguration {
  const newest = steps.length + 1;
  const { version: fromVersion = 1 } = file;
  const issue = versionIssue(fromVersion, newest);
  if (issue !== undefined) return { ok: false, issues: [issue] };
  const pending = steps.slice(Number(fromVersion) - 1);
  const migrated = pending.reduce<Readonly<Record<string, unknown>>>((content, step) => step(content), file);
  return { ok: true, fromVersion: Number(fromVersion), file: { ...migrated, version: newest } };
}

function versionIssue(version: unknown, newest: number): ConfigurationIssue | undefined {
  const place = { path: 'version', value: printableValue(version) };
  const allowed = Array.from({ length: newest }, (_, index) => String(index + 1));
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1) {
    return { ...place, message: 'is not the version of a configuration', allowed };
  }
  if (version <= newest) return undefined;
  return { ...place, message: 'is newer than this program: upgrade Holdfast', allowed };
}
