import type { CommandDeclaration } from '../../command/command-declaration.ts';

export const signalsCommand: CommandDeclaration = {
  name: 'signals',
  group: 'Signals:',
  summary: 'compare signals with references',
  examples: [
    {
      command: 'holdfast signals validate candidate.mat reference.mat',
      explanation: 'a table of errors; exit code 1 when one is over its limit',
    },
  ],
  failure: 'Nothing was compared.',
  subcommands: [
    {
      name: 'validate',
      summary: 'compare a signal with its reference',
      description:
        'Compares mean, standard deviation, root mean square, percentiles and every sample (errors of at most 1 %), the ' +
        'correlation of Pearson (at least 0.99) and the coherence by the method of Welch (at least 0.95). The signal of a ' +
        'file is its array named signal, x, data or y, else the largest one. Ends with 1 when a limit is not met.',
      arguments: [
        { syntax: '<candidate>', description: 'a file with a signal', completion: 'file' },
        { syntax: '<reference>', description: 'the file to compare it with', completion: 'file' },
      ],
      options: [
        {
          flags: '--signal <pattern>',
          description: 'the array that is the signal, such as "*_DE_time" or bearing.gs',
        },
        {
          flags: '--reference-signal <pattern>',
          description: 'the same in the reference, where it has another name',
        },
        { flags: '--channel <number>', description: 'the channel of an array with several, from 0 on' },
        { flags: '--strict', description: 'refuse to choose between arrays that could all be the signal' },
        {
          flags: '--tolerance <metric=limit>',
          description:
            'another limit, such as mean=0.05; of mean, standardDeviation, rms, percentiles, pointwise, correlation or coherence; may be repeated',
          isRepeatable: true,
        },
        { flags: '--segment-length <samples>', description: 'length of a segment for the coherence (256)' },
        {
          flags: '--scale <scale>',
          description: 'what errors are shares of: rms of the reference (rms), or its values (value)',
          completion: ['rms', 'value'],
        },
        {
          flags: '--align <how>',
          description:
            'how to compare signals of different lengths: start, end, or lag to find the best match',
          completion: ['start', 'end', 'lag'],
        },
      ],
      examples: [
        {
          command: 'holdfast signals validate simulated.npy measured.mat --signal "*_DE_time"',
          explanation: 'of different formats, with the name of the array',
        },
        {
          command: 'holdfast signals validate a.mat b.mat --tolerance pointwise=0.05 --align lag',
          explanation: 'a wider limit, and the candidate moved to where it fits best',
        },
      ],
      failure: 'Nothing was compared.',
      load: async () => (await import('./run-validate.ts')).runValidate,
    },
  ],
};
