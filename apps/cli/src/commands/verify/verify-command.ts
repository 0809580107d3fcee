import type { CommandDeclaration } from '../../command/command-declaration.ts';

export const verifyCommand: CommandDeclaration = {
  name: 'verify',
  group: 'Care:',
  summary: 're-read and re-hash what is stored',
  description:
    'Reads every stored object again, or those of one version, and compares it with its digest. What is damaged or ' +
    'missing is told with the versions that need it, remembered, and written anew when the same file is put again. Ends with 6 then.',
  arguments: [{ syntax: '[ref]', description: 'only what this version needs', completion: 'model' }],
  examples: [
    { command: 'holdfast verify', explanation: 'everything' },
    { command: 'holdfast verify fault-classifier@champion', explanation: 'one version' },
  ],
  failure: 'The check did not come to its end.',
  load: async () => (await import('./run-verify.ts')).runVerify,
};
