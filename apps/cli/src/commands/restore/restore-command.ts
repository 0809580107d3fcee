import type { CommandDeclaration } from '../../command/command-declaration.ts';
import { storeOptions } from '../../command/store-option.ts';

export const restoreCommand: CommandDeclaration = {
  name: 'restore',
  group: 'Maintenance:',
  summary: 'restore a backup into an empty registry',
  description:
    'Checks the whole backup first, then stores the objects, each verified, and then creates the registry in one step: ids, ' +
    'numbers, times, tags and aliases as they were. After an interruption, run it again to continue. ' +
    'A registry that has models is refused (4).',
  arguments: [{ syntax: '<file>', description: 'the backup, or - for standard input', completion: 'file' }],
  options: [
    ...storeOptions('all objects into this store, whatever theirs was'),
    { flags: '-y, --yes', description: 'the registry that the store belonged to is lost: take its place' },
    {
      flags: '--skip-damaged',
      description:
        'with a backup of the registry only: mark objects that the store does not have, and exit with 6',
    },
  ],
  examples: [
    { command: 'holdfast restore before-upgrade.hfb', explanation: 'after holdfast init' },
    { command: 'holdfast restore models.hfb --store archive', explanation: 'into a store of another kind' },
  ],
  failure: 'Nothing was restored.',
  load: async () => (await import('./run-restore.ts')).runRestore,
};
