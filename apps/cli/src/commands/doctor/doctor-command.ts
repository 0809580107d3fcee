import type { CommandDeclaration } from '../../command/command-declaration.ts';

export const doctorCommand: CommandDeclaration = {
  name: 'doctor',
  group: 'Maintenance:',
  summary: 'check that everything works, and say what to do where not',
  description:
    'Checks Node.js, the configuration, the database, every store (reachable, writable, whose it is, latency, free space, ' +
    'leftovers; side by side, five seconds each at most) and the clock. Ends with 1 when a check says no.',
  examples: [{ command: 'holdfast doctor', explanation: 'when something is odd' }],
  failure: 'The check did not come to its end.',
  load: async () => (await import('./run-doctor.ts')).runDoctor,
};
