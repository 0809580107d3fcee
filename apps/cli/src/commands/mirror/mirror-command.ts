import type { CommandDeclaration } from '../../command/command-declaration.ts';

export const mirrorCommand: CommandDeclaration = {
  name: 'mirror',
  group: 'Maintenance:',
  summary: 'bring everything in a store into another one',
  description:
    'Copies what the other store does not have, several objects at a time, each checked against its digest on the way, ' +
    'and remembers that the models are in both. Nothing is deleted. Interrupted, it goes on where it stopped when it is ' +
    'started again. With --json: one line an object.',
  arguments: [
    { syntax: '<from>', description: 'the name of a configured store', completion: 'store' },
    { syntax: '<to>', description: 'another one', completion: 'store' },
  ],
  options: [
    {
      flags: '--move',
      description: 'then delete from the first store what is safe in the other',
      conflicts: ['dryRun', 'prefix', 'dropMetadata'],
    },
    { flags: '--dry-run', description: 'only say what would be copied' },
    { flags: '--prefix <text>', description: 'only objects whose keys begin with this text' },
    { flags: '--at-once <count>', description: 'how many objects are under way at a time (16)' },
    {
      flags: '--drop-metadata',
      description: 'leave behind content types and fields, for stores that keep none',
    },
    {
      flags: '--refill',
      description:
        'the other store was used before, and its disk, folder or bucket was replaced by an empty one',
    },
  ],
  examples: [
    {
      command: 'holdfast mirror lake default --refill',
      explanation: 'the disk of default was replaced by an empty one',
    },
    { command: 'holdfast mirror default lake --dry-run', explanation: 'what would be copied' },
    { command: 'holdfast mirror default lake', explanation: 'copy it, or what is left of it' },
  ],
  failure: 'Nothing was mirrored.',
  load: async () => (await import('./run-mirror.ts')).runMirror,
};
