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
      summary: 'rebuild a lost registry from the manifests in its stores',
      description:
        'Every version has a manifest beside its bytes. The registry is rebuilt from them, and from a backup what they lack: ' +
        'aliases, later tags and statuses. Reports what could not be recovered; exits with 6 if versions are left out or damaged. ' +
        'A store that lost its own index is repaired first.',
      arguments: [
        { syntax: '<store...>', description: 'the stores of the lost registry', completion: 'store' },
      ],
      options: [
        {
          flags: '--backup <file>',
          description: 'take from it what the manifests lack',
          completion: 'file',
        },
        { flags: '-y, --yes', description: 'the registry is lost for good: replace it' },
        {
          flags: '--trust-untyped',
          description: 'accept what looks like a manifest in a store that records no content types',
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
        'For stores that a copy of this registry, or a newer state of it, wrote to. This registry replaces it: the stores reject ' +
        'the other one from then on. A version whose number is taken here gets the next one. ' +
        'Exits with 6 if the bytes of a version are gone.',
      arguments: [{ syntax: '<store...>', description: 'the stores to adopt', completion: 'store' }],
      options: [{ flags: '-y, --yes', description: 'the other registry is no longer used: replace it' }],
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
        'Replaces each of them by a tombstone, so that gc frees their bytes. They cannot be restored after that.',
      arguments: [{ syntax: '<store...>', description: 'the stores that have them', completion: 'store' }],
      options: [{ flags: '-y, --yes', description: 'do not ask' }],
      examples: [{ command: 'holdfast registry forget default', explanation: 'then holdfast gc' }],
      failure: 'Not everything was forgotten.',
      load: async () => (await import('./run-registry-forget.ts')).runRegistryForget,
    },
  ],
};
