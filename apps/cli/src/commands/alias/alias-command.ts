import type { CommandDeclaration } from '../../command/command-declaration.ts';

export const aliasCommand: CommandDeclaration = {
  name: 'alias',
  group: 'Models:',
  summary: 'point an alias to a version, remove it, or show its history',
  description:
    'Points an alias to a version. If several users move it at once, one succeeds, and the others get an error; ' +
    '--expect gives the version that it must point to now, 0 if it must not exist.',
  arguments: [
    { syntax: '<name>', description: 'the model', completion: 'model' },
    { syntax: '<alias>', description: 'a word, such as champion', completion: 'alias' },
    { syntax: '[version]', description: 'the number of the version that it will point to' },
  ],
  options: [
    {
      flags: '--expect <number>',
      description: 'fail (4) unless it points to this version now; 0: unless it is new',
    },
    { flags: '--remove', description: 'remove the alias', conflicts: ['history'] },
    {
      flags: '--history',
      description: 'show every move and who made it, oldest first',
      conflicts: ['expect'],
    },
  ],
  examples: [
    { command: 'holdfast alias fault-classifier champion 3', explanation: 'champion points to version 3' },
    {
      command: 'holdfast alias fault-classifier champion 4 --expect 3',
      explanation: 'only if it has not been moved meanwhile',
    },
    { command: 'holdfast alias fault-classifier champion --history', explanation: 'who came before' },
  ],
  failure: 'The alias was not changed.',
  load: async () => (await import('./run-alias.ts')).runAlias,
};
