import type { CommandDeclaration } from '../../command/command-declaration.ts';
import { storeOptions } from '../../command/store-option.ts';

export const restoreCommand: CommandDeclaration = {
  name: 'restore',
  group: 'Maintenance:',
  summary: 'bring a backup back into an empty registry',
  description:
    'Checks the whole backup first, then stores the objects, each verified, and then makes the registry, all at once: ids, ' +
    'numbers, times, tags and aliases as they were. One that was interrupted goes on when it is run again. ' +
    'A registry that has models is refused (4).',
  arguments: [{ syntax: '<file>', description: 'the backup, or - for standard input', completion: 'file' }],
  options: [
    ...storeOptions('all objects into this store, whatever theirs was'),
    { flags: '-y, --yes', description: 'the registry that the store belonged to is lost: take its place' },
    {
      flags: '--skip-damaged',
      description: 'with a backup of the registry only: mark objects that the store has not, and end with 6',
    },
  ],
  examples: [
    { command: 'holdfast restore before-upgrade.hfb', explanation: 'after holdfast init' },
    { command: 'holdfast restore models.hfb --store archive', explanation: 'into a store of another kind' },
  ],
  failure: 'Nothing was restored.',
  load: async () => (await import('./run-restore.ts')).runRestore,
};
