import type { CommandDeclaration } from '../../command/command-declaration.ts';

export const configCommand: CommandDeclaration = {
  name: 'config',
  group: 'Setup:',
  summary: 'check or show the configuration, or print its JSON Schema',
  description:
    'The configuration is holdfast.yaml, found upward from the working folder, then in your configuration folder; ' +
    'HOLDFAST_* variables override it, and flags override both.',
  examples: [{ command: 'holdfast config check', explanation: 'whether it can be used' }],
  failure: 'The configuration could not be read.',
  subcommands: [
    {
      name: 'check',
      summary: 'check whether the configuration can be used',
      examples: [
        { command: 'holdfast config check', explanation: 'names the file, the field and what is allowed' },
      ],
      failure: 'The configuration cannot be used.',
      load: async () => (await import('./run-config-check.ts')).runConfigCheck,
    },
    {
      name: 'show',
      summary: 'print the configuration in effect',
      description:
        'Prints the configuration in effect, with its defaults. Secrets are shown as their references.',
      examples: [{ command: 'holdfast config show --json', explanation: 'for scripts' }],
      failure: 'The configuration could not be shown.',
      load: async () => (await import('./run-config-show.ts')).runConfigShow,
    },
    {
      name: 'schema',
      summary: 'print the JSON Schema of the configuration',
      examples: [
        {
          command: 'holdfast config schema > holdfast.schema.json',
          explanation: 'for editors that complete it',
        },
      ],
      failure: 'The schema could not be printed.',
      load: async () => (await import('./run-config-schema.ts')).runConfigSchema,
    },
  ],
};
