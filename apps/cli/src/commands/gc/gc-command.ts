import type { CommandDeclaration } from '../../command/command-declaration.ts';
import { storeOptions } from '../../command/store-option.ts';

export const gcCommand: CommandDeclaration = {
  name: 'gc',
  group: 'Maintenance:',
  summary: 'delete what no version needs',
  description:
    'Deletes objects that no version refers to and nobody is about to rely on, and what interrupted commands left, ' +
    'beside commands that are at work. Stores of other registries are not touched. With --json: one line an item.',
  options: [
    { flags: '--dry-run', description: 'only say what would go, and why' },
    {
      flags: '--grace <minutes>',
      description: '0 also takes what an interrupted save has reserved for an hour',
    },
    {
      flags: '--alone',
      description: 'nobody else runs gc or rm: end what one of them that died has left in a bucket of S3',
    },
    ...storeOptions('only this store'),
  ],
  examples: [
    { command: 'holdfast gc --dry-run', explanation: 'what would go, and why' },
    { command: 'holdfast gc', explanation: 'free the space' },
    { command: 'holdfast gc --grace 0', explanation: 'when nobody is saving: leave nothing over' },
  ],
  failure: 'Not everything was collected; what was, is gone.',
  load: async () => (await import('./run-gc.ts')).runGc,
};
