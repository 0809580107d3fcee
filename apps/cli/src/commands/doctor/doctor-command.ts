import type { CommandDeclaration } from '../../command/command-declaration.ts';

export const doctorCommand: CommandDeclaration = {
  name: 'doctor',
  group: 'Maintenance:',
  summary: 'check that everything works, and say what to do if not',
  description:
    'Checks Node.js, the configuration, the database, every store (reachable, writable, owner, latency, free space, ' +
    'leftovers; in parallel, at most five seconds each) and the clock. Exits with 1 if a check fails.',
  examples: [{ command: 'holdfast doctor', explanation: 'when something is odd' }],
  failure: 'The check did not finish.',
  load: async () => (await import('./run-doctor.ts')).runDoctor,
};
