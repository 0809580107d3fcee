import type { CommandDeclaration } from '../../command/command-declaration.ts';

export const mirrorCommand: CommandDeclaration = {
  name: 'mirror',
  group: 'Maintenance:',
  summary: 'copy everything in a store into another one',
  description:
    'Copies what the other store does not have, several objects at a time, each checked against its digest on the way, ' +
    'and records that the models are in both. Nothing is deleted. After an interruption, run it again to continue ' +
    'where it stopped. With --json: one line per object.',
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
    { flags: '--dry-run', description: 'only show what would be copied' },
    { flags: '--prefix <text>', description: 'only objects whose keys begin with this text' },
    { flags: '--at-once <count>', description: 'how many objects are copied at a time (16)' },
    {
      flags: '--drop-metadata',
      description: 'leave out content types and metadata, for stores that keep none',
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
