import type { CommandDeclaration } from '../../command/command-declaration.ts';

export const rmCommand: CommandDeclaration = {
  name: 'rm',
  group: 'Models:',
  summary: 'remove a version, or a model with all of them',
  description:
    'Removes a version and the bytes that nothing else needs. A version that an alias points to cannot be removed (7). ' +
    'Its number is never used again. Asks for confirmation; in scripts, --yes is required.',
  arguments: [{ syntax: '<ref>', description: 'NAME:NUMBER, or NAME with --all', completion: 'reference' }],
  options: [
    { flags: '--all', description: 'the model with all its versions' },
    { flags: '-y, --yes', description: 'do not ask' },
  ],
  examples: [
    { command: 'holdfast rm fault-classifier:2', explanation: 'one version' },
    {
      command: 'holdfast rm fault-classifier --all --yes',
      explanation: 'the whole model, without being asked',
    },
  ],
  failure: 'Nothing was removed.',
  load: async () => (await import('./run-rm.ts')).runRm,
};
