import type { CommandDeclaration } from '../../command/command-declaration.ts';

export const quickstartCommand: CommandDeclaration = {
  name: 'quickstart',
  group: 'Setup:',
  summary: 'give a tour on sample data, in its own folder',
  description:
    'Creates a small sample model and shows what Holdfast does with it: save, save again without a second copy, alias, list, ' +
    'inspect, read back verified, find a flipped bit and repair it. It works in a new folder, which it names, and touches nothing else.',
  options: [
    {
      flags: '--folder <path>',
      description: 'the folder to work in; new or empty (default: a temporary one)',
      completion: 'file',
    },
  ],
  examples: [
    { command: 'holdfast quickstart', explanation: 'in a temporary folder' },
    { command: 'holdfast quickstart --folder ./try-holdfast', explanation: 'where you like' },
  ],
  failure: 'The tour ended early.',
  load: async () => (await import('./run-quickstart.ts')).runQuickstart,
};
