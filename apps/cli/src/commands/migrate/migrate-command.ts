import type { CommandDeclaration } from '../../command/command-declaration.ts';

export const migrateCommand: CommandDeclaration = {
  name: 'migrate',
  group: 'Maintenance:',
  summary: "upgrade the registry's database to this version",
  description:
    "Upgrades the registry's database to the version of this program, after copying its file beside itself; on a server nothing is copied. Other commands do this " +
    'automatically; this one reports what is done. A database that is newer than the program is rejected.',
  options: [{ flags: '--dry-run', description: 'only say what would be done' }],
  examples: [{ command: 'holdfast migrate --dry-run', explanation: 'the steps that are pending' }],
  failure: 'The database was not changed.',
  load: async () => (await import('./run-migrate.ts')).runMigrate,
};
