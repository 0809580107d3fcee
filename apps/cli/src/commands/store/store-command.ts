import type { CommandDeclaration } from '../../command/command-declaration.ts';

export const storeCommand: CommandDeclaration = {
  name: 'store',
  group: 'Maintenance:',
  summary: 'take a store out of use',
  examples: [{ command: 'holdfast store retire old', explanation: 'copy to other stores what only it has' }],
  failure: 'No store was changed.',
  subcommands: [
    {
      name: 'retire',
      summary: 'copy to other stores what only this store has, then forget it',
      description:
        'From the start, nothing new is saved into the store. Each of its objects is searched for in the other stores ' +
        'and read there; what no other store has is mirrored and read again. Only when all of them are safe does the ' +
        'registry forget the store, so that it can be removed from the configuration. Its bytes are not deleted. After an ' +
        'interruption, run it again to continue. With --json: one line per object.',
      arguments: [{ syntax: '<name>', description: 'a store, still configured or not', completion: 'store' }],
      options: [
        {
          flags: '--to <store>',
          description: 'where to copy what only it has (the default store, or another one)',
          completion: 'store',
        },
        {
          flags: '--dry-run',
          description: 'only show what would be copied, as far as the registry knows',
        },
        { flags: '--undo', description: 'let it accept objects again' },
        {
          flags: '--lost',
          description: 'its bytes are gone for good: give up what only it had (with --yes)',
        },
        { flags: '-y, --yes', description: 'do it without asking' },
      ],
      examples: [
        { command: 'holdfast store retire old --dry-run', explanation: 'what would be copied' },
        { command: 'holdfast store retire old --to lake', explanation: 'bring it there, and forget old' },
        { command: 'holdfast store retire old --undo', explanation: 'save into it again' },
      ],
      failure: 'The store was not changed.',
      load: async () => (await import('./run-store-retire.ts')).runStoreRetire,
    },
  ],
};
