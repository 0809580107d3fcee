import type { CommandDeclaration } from '../../command/command-declaration.ts';

export const experimentCommand: CommandDeclaration = {
  name: 'experiment',
  group: 'Experiments:',
  summary: 'create, list and remove experiments',
  examples: [
    { command: 'holdfast experiment create "bearing faults"', explanation: 'runs are created in it' },
    { command: 'holdfast experiment ls', explanation: 'every experiment' },
  ],
  failure: 'No experiment was changed.',
  subcommands: [
    {
      name: 'create',
      summary: 'create an experiment',
      arguments: [{ syntax: '<name>', description: 'unique among experiments' }],
      options: [
        { flags: '--description <text>', description: 'what it is about' },
        { flags: '--tag <key=value>', description: 'a label', isRepeatable: true },
      ],
      examples: [
        {
          command: 'holdfast experiment create "bearing faults" --tag team=vibration',
          explanation: 'with a label',
        },
      ],
      failure: 'No experiment was created.',
      load: async () => (await import('./run-experiment-create.ts')).runExperimentCreate,
    },
    {
      name: 'ls',
      summary: 'list experiments',
      description: 'Lists experiments by name. With --json: one line per experiment.',
      arguments: [
        { syntax: '[prefix]', description: 'only names that begin with it', completion: 'experiment' },
      ],
      options: [{ flags: '--limit <number>', description: 'list at most so many' }],
      examples: [{ command: 'holdfast experiment ls bearing', explanation: 'names that begin with bearing' }],
      failure: 'Nothing was listed.',
      load: async () => (await import('./run-experiment-ls.ts')).runExperimentLs,
    },
    {
      name: 'show',
      summary: 'show an experiment with its newest runs',
      arguments: [{ syntax: '<name>', description: 'an experiment', completion: 'experiment' }],
      examples: [
        { command: 'holdfast experiment show "bearing faults"', explanation: 'and its newest runs' },
      ],
      failure: 'Nothing was shown.',
      load: async () => (await import('./run-experiment-show.ts')).runExperimentShow,
    },
    {
      name: 'rm',
      summary: 'remove an experiment that has no runs',
      arguments: [{ syntax: '<name>', description: 'an experiment', completion: 'experiment' }],
      examples: [{ command: 'holdfast experiment rm "bearing faults"', explanation: 'after its runs' }],
      failure: 'The experiment was not removed.',
      load: async () => (await import('./run-experiment-rm.ts')).runExperimentRm,
    },
  ],
};
