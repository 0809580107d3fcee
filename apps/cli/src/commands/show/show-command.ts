import type { CommandDeclaration } from '../../command/command-declaration.ts';

export const showCommand: CommandDeclaration = {
  name: 'show',
  group: 'Models:',
  summary: 'tell everything about a version',
  description:
    'Tells what is known of a version: digest, size, format, status, scan verdict, inputs and outputs, tensors, metrics, ' +
    'parameters, tags, aliases, lineage, where its bytes lie, and its history.',
  arguments: [
    { syntax: '<ref>', description: 'NAME (the newest), NAME:NUMBER or NAME@ALIAS', completion: 'reference' },
  ],
  examples: [
    { command: 'holdfast show fault-classifier', explanation: 'the newest version' },
    { command: 'holdfast show fault-classifier@champion --json', explanation: 'as one JSON document' },
  ],
  failure: 'Nothing could be shown.',
  load: async () => (await import('./run-show.ts')).runShow,
};
