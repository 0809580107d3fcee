import type { CommandDeclaration } from '../../command/command-declaration.ts';

const run = { syntax: '<run>', description: 'the id of a run, or its first 8 characters or more' } as const;

export const runCommand: CommandDeclaration = {
  name: 'run',
  group: 'Experiments:',
  summary: 'create training runs, log metrics and find the best',
  examples: [
    { command: 'holdfast run create "bearing faults" --param lr=0.01', explanation: 'prints the id' },
    {
      command: 'holdfast run log RUN loss=0.25 accuracy=0.9 --step 10',
      explanation: 'two metrics at a step',
    },
    {
      command: 'holdfast run ls "bearing faults" --best accuracy',
      explanation: 'the run with the greatest accuracy first',
    },
  ],
  failure: 'No run was changed.',
  subcommands: [
    {
      name: 'create',
      summary: 'create a run in an experiment, and print its id',
      description: 'The run is running until holdfast run end. A run with a parent is a trial of it.',
      arguments: [
        { syntax: '<experiment>', description: 'an experiment that exists', completion: 'experiment' },
      ],
      options: [
        { flags: '--name <name>', description: 'what people call it' },
        { flags: '--param <key=value>', description: 'a parameter, which is set once', isRepeatable: true },
        { flags: '--tag <key=value>', description: 'a label', isRepeatable: true },
        { flags: '--parent <run>', description: 'the running run that it is a trial of' },
      ],
      examples: [
        {
          command: 'holdfast run create "bearing faults" --name baseline --param lr=0.01 --param epochs=20',
          explanation: 'with a name and two parameters',
        },
      ],
      failure: 'No run was created.',
      load: async () => (await import('./run-run-create.ts')).runRunCreate,
    },
    {
      name: 'log',
      summary: 'log metrics and parameters of a run that is running',
      description:
        'A value is a number, NaN, Infinity or -Infinity. Metrics of one command are logged all or none; a step may be ' +
        'logged again. Without --step, the step of a metric is one more than its highest so far, and 0 for its first value. ' +
        'Prints nothing on standard output, except with --json.',
      arguments: [run, { syntax: '[metrics...]', description: 'name=value pairs' }],
      options: [
        { flags: '--step <number>', description: 'the step that the metrics belong to (the next one)' },
        { flags: '--param <key=value>', description: 'a parameter, which is set once', isRepeatable: true },
      ],
      examples: [
        { command: 'holdfast run log RUN loss=0.25 accuracy=0.9 --step 10', explanation: 'two metrics' },
        { command: 'holdfast run log RUN --param batch=32', explanation: 'a parameter' },
      ],
      failure: 'Nothing was logged.',
      load: async () => (await import('./run-run-log.ts')).runRunLog,
    },
    {
      name: 'end',
      summary: 'end a run; nothing more can be logged to it',
      description:
        'To end a run again with the same status changes nothing; another status is rejected, since a run ends once.',
      arguments: [run],
      options: [
        {
          flags: '--status <status>',
          description: 'finished, failed or killed (finished)',
          completion: ['finished', 'failed', 'killed'],
        },
      ],
      examples: [{ command: 'holdfast run end RUN --status failed', explanation: 'when training broke off' }],
      failure: 'The run was not changed.',
      load: async () => (await import('./run-run-end.ts')).runRunEnd,
    },
    {
      name: 'ls',
      summary: 'list the runs of an experiment, newest or best first',
      description:
        'Trials are listed with --best, and by holdfast run show. A metric that is NaN does not count as best. ' +
        'With --json: one line per run.',
      arguments: [{ syntax: '<experiment>', description: 'an experiment', completion: 'experiment' }],
      options: [
        {
          flags: '--status <status>',
          description: 'only running, finished, failed or killed ones',
          completion: ['running', 'finished', 'failed', 'killed'],
          conflicts: ['best'],
        },
        { flags: '--best <metric>', description: 'the greatest last value of a metric first' },
        { flags: '--lowest', description: 'with --best: the least value first, as of a loss' },
        { flags: '--limit <number>', description: 'list at most so many (with --best 10)' },
      ],
      examples: [
        { command: 'holdfast run ls "bearing faults"', explanation: 'newest first' },
        { command: 'holdfast run ls "bearing faults" --best loss --lowest', explanation: 'least loss first' },
      ],
      failure: 'Nothing was listed.',
      load: async () => (await import('./run-run-ls.ts')).runRunLs,
    },
    {
      name: 'show',
      summary: 'show a run with its metrics and trials, or every value of a metric',
      description:
        'With --metric and --json: one line per value. A metric that the run does not have is an error (3).',
      arguments: [run],
      options: [{ flags: '--metric <name>', description: 'print every value of this metric, by step' }],
      examples: [{ command: 'holdfast run show RUN --metric loss', explanation: 'the curve of the loss' }],
      failure: 'Nothing was shown.',
      load: async () => (await import('./run-run-show.ts')).runRunShow,
    },
    {
      name: 'rm',
      summary: 'remove a run with its metrics and trials',
      description:
        'Asks for confirmation if the run is running or has trials; in scripts, --yes is required for these. ' +
        'What nothing else needs is freed by holdfast gc.',
      arguments: [run],
      options: [{ flags: '-y, --yes', description: 'do not ask' }],
      examples: [{ command: 'holdfast run rm RUN', explanation: 'and its trials' }],
      failure: 'The run was not removed.',
      load: async () => (await import('./run-run-rm.ts')).runRunRm,
    },
  ],
};
