import type { CommandDeclaration } from '../../command/command-declaration.ts';

export const showCommand: CommandDeclaration = {
  name: 'show',
  group: 'Models:',
  summary: 'show everything about a version',
  description:
    'Shows what is known about a version: digest, size, format, status, scan verdict, inputs and outputs, tensors, metrics, ' +
    'parameters, tags, aliases, lineage, where its bytes are stored, and its history.',
  arguments: [
    { syntax: '<ref>', description: 'NAME (the newest), NAME:NUMBER or NAME@ALIAS', completion: 'reference' },
  ],
  options: [
    {
      flags: '--list <field>',
      description:
        'every entry of one list of what inspection found, such as tensors or members; --json: one per line',
    },
  ],
  examples: [
    { command: 'holdfast show fault-classifier', explanation: 'the newest version' },
    { command: 'holdfast show fault-classifier@champion --json', explanation: 'as one JSON document' },
    { command: 'holdfast show fault-classifier --list tensors', explanation: 'every tensor, however many' },
  ],
  failure: 'Nothing could be shown.',
  load: async () => (await import('./run-show.ts')).runShow,
};
