import type { MigrationReport } from '@holdfast/composition';
import type { CommandHandler } from '../../command/command-declaration.ts';

/** Brings the database to this program's version, or tells what that would do. */
export const runMigrate: CommandHandler = async (invocation, context) => {
  const { configuration } = await context.loadConfiguration();
  const { migrateRegistry, pendingMigrations } = await import('@holdfast/composition');
  const isDryRun = invocation.isSet('dryRun');
  const migrate = isDryRun ? pendingMigrations : migrateRegistry;
  const report = await migrate(configuration.database, { signal: context.signal });
  const { output } = context;
  output.answer({ isDryRun, ...report }, () => report.steps.join('\n'));
  output.say(messageOf(report, isDryRun));
};

function messageOf({ fromVersion, toVersion, steps, copyPath }: MigrationReport, isDryRun: boolean): string {
  if (steps.length === 0) return `The database is up to date (version ${toVersion}).`;
  const from = fromVersion === 0 ? 'A new database' : `The database of version ${fromVersion}`;
  const copy = copyPath === undefined ? '' : ` A copy of it as it was: ${copyPath}`;
  return `${from} ${isDryRun ? 'would become' : 'became'} version ${toVersion}.${copy}`;
}
