import type { CommandDeclaration } from '../../command/command-declaration.ts';

export const registryCommand: CommandDeclaration = {
  name: 'registry',
  group: 'Maintenance:',
  summary: 'rebuild a lost registry, and adopt or forget versions that it does not know',
  examples: [
    { command: 'holdfast registry rebuild default', explanation: 'when the database is gone' },
    { command: 'holdfast registry adopt default', explanation: 'when a copy of the registry saved versions' },
  ],
  failure: 'Nothing was changed.',
  subcommands: [
    {
      name: 'rebuild',
      summary: 'make a lost registry anew from the manifests in its stores',
      description:
        'Every version has a manifest beside its bytes. A registry is made of them, and of a backup what they do not hold: ' +
        'aliases, later tags and statuses. What could not be had is told; ends with 6 when versions are left out or damaged. ' +
        'A store that lost its own index is mended first.',
      arguments: [
        { syntax: '<store...>', description: 'the stores of the lost registry', completion: 'store' },
      ],
      options: [
        {
          flags: '--backup <file>',
          description: 'what manifests do not hold comes from it',
          completion: 'file',
        },
        { flags: '-y, --yes', description: 'the registry is lost for good: take its place' },
        {
          flags: '--trust-untyped',
          description: 'believe what begins as a manifest where the store does not say what it was stored as',
        },
      ],
      examples: [
        { command: 'holdfast registry rebuild default', explanation: 'what the store gives' },
        {
          command: 'holdfast registry rebuild default --backup registry.hfb --yes',
          explanation: 'with the last backup, without being asked',
        },
      ],
      failure: 'Nothing was rebuilt.',
      load: async () => (await import('./run-registry-rebuild.ts')).runRegistryRebuild,
    },
    {
      name: 'adopt',
      summary: 'take over stores, and the versions in them that this registry does not know',
      description:
        'For stores that a copy of this registry, or a newer state of it, wrote to. This registry takes its place: the other ' +
        'one is refused there from then on. A version whose number is taken here gets the next one. ' +
        'Ends with 6 when the bytes of a version are gone.',
      arguments: [{ syntax: '<store...>', description: 'the stores to adopt', completion: 'store' }],
      options: [
        { flags: '-y, --yes', description: 'the other registry is not used any more: take its place' },
      ],
      examples: [
        {
          command: 'holdfast registry adopt default',
          explanation: 'after a restore that named newer versions',
        },
        { command: 'holdfast registry adopt default --yes', explanation: 'without being asked' },
      ],
      failure: 'Not everything was adopted.',
      load: async () => (await import('./run-registry-adopt.ts')).runRegistryAdopt,
    },
    {
      name: 'forget',
      summary: 'give up the versions in a store that this registry does not know',
      description:
        'Puts a tombstone in the place of each of them, so that gc frees their bytes. They cannot be brought back after that.',
      arguments: [{ syntax: '<store...>', description: 'the stores that have them', completion: 'store' }],
      options: [{ flags: '-y, --yes', description: 'do not ask' }],
      examples: [{ command: 'holdfast registry forget default', explanation: 'then holdfast gc' }],
      failure: 'Not everything was forgotten.',
      load: async () => (await import('./run-registry-forget.ts')).runRegistryForget,
    },
  ],
};
