import type { CommandDeclaration } from '../../command/command-declaration.ts';

export const registryCommand: CommandDeclaration = {
  name: 'registry',
  group: 'Maintenance:',
  summary: 'make a lost registry anew from its stores',
  examples: [{ command: 'holdfast registry rebuild default', explanation: 'when the database is gone' }],
  failure: 'Nothing was rebuilt.',
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
  ],
};
