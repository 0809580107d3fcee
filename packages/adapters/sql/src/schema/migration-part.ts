import type { MigrationReport } from '../migration-report.ts';
import type { Migration } from './migrations.ts';

/** What one transaction of a migration does. */
export interface MigrationPart {
  /** The steps that it takes; one alone when that fills in a field. */
  readonly steps: readonly Migration[];
  /** Whether they end at the newest version. */
  readonly isLast: boolean;
}

/** What one transaction of a migration did. */
export interface TakenPart {
  /** The version before. */
  readonly fromVersion: number;
  /** The names of the steps that are done now. */
  readonly taken: readonly string[];
  /** Whether the database is at the newest version now. */
  readonly isAll: boolean;
}

/** Takes part after part, and reports what was done. */
export async function takeParts(
  takePart: () => Promise<TakenPart>,
): Promise<Omit<MigrationReport, 'toVersion'>> {
  let part = await takePart();
  const { fromVersion } = part;
  const steps = [...part.taken];
  while (!part.isAll) {
    part = await takePart();
    steps.push(...part.taken);
  }
  return { fromVersion, steps };
}

/** The steps from a version on that one transaction takes: up to the next one that fills in a field, or that one. */
export function migrationPart(migrations: readonly Migration[], version: number): MigrationPart {
  const pending = migrations.slice(version);
  const fill = pending.findIndex(({ fills }) => fills !== undefined);
  const count = fill === -1 ? pending.length : Math.max(fill, 1);
  return { steps: pending.slice(0, count), isLast: count === pending.length };
}
