import type { CommandDeclaration } from '../../command/command-declaration.ts';

export const initCommand: CommandDeclaration = {
  name: 'init',
  group: 'Setup:',
  summary: 'create a configuration, a store and a database here',
  description:
    'Writes a commented holdfast.yaml, and creates the store and the database that it names in .holdfast. From then on ' +
    'every command in and below this folder uses them. Without it, they are stored in your data folder.',
  examples: [
    { command: 'holdfast init', explanation: 'a registry of its own for the project in this folder' },
  ],
  failure: 'Nothing was set up.',
  load: async () => (await import('./run-init.ts')).runInit,
};
