import type { CommandDeclaration } from '../../command/command-declaration.ts';

export const backupCommand: CommandDeclaration = {
  name: 'backup',
  group: 'Maintenance:',
  summary: 'write the registry and every object that it needs into one file',
  description:
    'Writes a tar archive that tar and sha256sum read: the records as JSON lines, and each object once, verified while it ' +
    'is written. Other commands may run meanwhile. A damaged object makes it fail (6) with the versions that need it.',
  arguments: [{ syntax: '<file>', description: 'where to, or - for standard output', completion: 'file' }],
  options: [
    { flags: '--registry-only', description: 'without the objects: models, versions, aliases, tags' },
    {
      flags: '--skip-damaged',
      description: 'leave out damaged objects, name them, and exit with 6; reads everything twice',
    },
    { flags: '--force', description: 'replace an existing file' },
  ],
  examples: [
    { command: 'holdfast backup before-upgrade.hfb', explanation: 'everything' },
    { command: 'holdfast backup registry.hfb --registry-only', explanation: 'small, for every night' },
    { command: 'holdfast backup - | ssh elsewhere "cat > models.hfb"', explanation: 'to another machine' },
  ],
  failure: 'No backup was made.',
  load: async () => (await import('./run-backup.ts')).runBackup,
};
