import type { CommandDeclaration } from '../../command/command-declaration.ts';
import { storeOptions } from '../../command/store-option.ts';

export const gcCommand: CommandDeclaration = {
  name: 'gc',
  group: 'Maintenance:',
  summary: 'delete what no version needs',
  description:
    'Deletes objects that no version refers to and no save has reserved, and what interrupted commands left, ' +
    'while other commands may be running. Stores of other registries are not touched. With --json: one line per item.',
  options: [
    { flags: '--dry-run', description: 'only show what would be deleted, and why' },
    {
      flags: '--grace <minutes>',
      description: '0 also deletes what an interrupted save has reserved for an hour',
    },
    {
      flags: '--alone',
      description: 'finish what a killed gc or rm left in an S3 bucket; only if no other gc or rm is running',
    },
    ...storeOptions('only this store'),
  ],
  examples: [
    { command: 'holdfast gc --dry-run', explanation: 'what would be deleted, and why' },
    { command: 'holdfast gc', explanation: 'free the space' },
    { command: 'holdfast gc --grace 0', explanation: 'if nothing is being saved: delete everything unused' },
  ],
  failure: 'The collection did not finish; what it had deleted stays deleted.',
  load: async () => (await import('./run-gc.ts')).runGc,
};
