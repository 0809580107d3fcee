import type { CommandDeclaration } from '../../command/command-declaration.ts';

export const aliasCommand: CommandDeclaration = {
  name: 'alias',
  group: 'Models:',
  summary: 'point an alias to a version, remove it, or tell its history',
  description:
    'Points an alias to a version. Of several who move it at once one wins, and the others are told so; ' +
    '--expect says where it must point now, 0 that it must not exist.',
  arguments: [
    { syntax: '<name>', description: 'the model', completion: 'model' },
    { syntax: '<alias>', description: 'a word, such as champion', completion: 'alias' },
    { syntax: '[version]', description: 'the number of the version that it is to point to' },
  ],
  options: [
    {
      flags: '--expect <number>',
      description: 'refuse (4) unless it points to this version now; 0: unless it is new',
    },
    { flags: '--remove', description: 'remove the alias', conflicts: ['history'] },
    {
      flags: '--history',
      description: 'show every move with who made it, oldest first',
      conflicts: ['expect'],
    },
  ],
  examples: [
    { command: 'holdfast alias fault-classifier champion 3', explanation: 'champion points to version 3' },
    {
      command: 'holdfast alias fault-classifier champion 4 --expect 3',
      explanation: 'only if nobody moved it meanwhile',
    },
    { command: 'holdfast alias fault-classifier champion --history', explanation: 'who came before' },
  ],
  failure: 'The alias stays as it was.',
  load: async () => (await import('./run-alias.ts')).runAlias,
};
