import type { CommandDeclaration } from '../../command/command-declaration.ts';

export const inspectCommand: CommandDeclaration = {
  name: 'inspect',
  group: 'Models:',
  summary: 'inspect a file, folder or version without running it',
  description:
    'Shows format, digest, inputs, outputs, tensors and variables of a file, a folder or a saved version, without loading the weights ' +
    'and without executing anything. Warns of files that can contain code. An existing path comes before a version.',
  arguments: [
    {
      syntax: '<subject>',
      description: 'a file, a folder, or NAME, NAME:NUMBER, NAME@ALIAS',
      completion: 'file',
    },
  ],
  options: [
    { flags: '-f, --format <format>', description: 'require this format' },
    {
      flags: '--values',
      description:
        'read and show arrays and texts of at most 32 elements and 64 KiB; of others the reason why not',
    },
  ],
  examples: [
    { command: 'holdfast inspect ./model.onnx', explanation: 'a file that was not saved yet' },
    {
      command: 'holdfast inspect recording.mat --values',
      explanation: 'variables, and the values of small ones',
    },
    {
      command: 'holdfast inspect data.h5',
      explanation: 'groups, datasets, how they are stored, attributes and links',
    },
    { command: 'holdfast inspect fault-classifier@champion', explanation: 'a version, read from its store' },
  ],
  failure: 'Nothing could be inspected.',
  load: async () => (await import('./run-inspect.ts')).runInspect,
};
