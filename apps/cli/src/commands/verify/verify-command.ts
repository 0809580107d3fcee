import type { CommandDeclaration } from '../../command/command-declaration.ts';
import { storeOptions } from '../../command/store-option.ts';

export const verifyCommand: CommandDeclaration = {
  name: 'verify',
  group: 'Maintenance:',
  summary: 're-read and re-hash what is stored',
  description:
    'Reads every stored object again, or those of one version, compares it with its digest, and checks what the ' +
    'stores themselves keep about their objects. What is damaged, missing or cannot be found is told with the versions ' +
    'that need it, and with what to do; it is remembered, and written anew when the same file is put again.\n\n' +
    'Ends with 0 when everything is as it was saved or was repaired, with 6 when damage remains, with 130 or 143 when it ' +
    'was interrupted: --resume goes on from there then.',
  arguments: [{ syntax: '[ref]', description: 'only what this version needs', completion: 'reference' }],
  options: [
    ...storeOptions('only what is stored in this store'),
    {
      flags: '--repair-from <store>',
      description: 'replace what is damaged or missing by the same bytes from this store',
      completion: 'store',
    },
    {
      flags: '--repair-records',
      description: 'make damaged records of versions what they were, by the manifests beside their bytes',
    },
    {
      flags: '--resume',
      description: 'go on where an interrupted run stopped, within a week; else begin anew',
    },
    {
      flags: '--not-verified-since <age>',
      description: 'only objects that were not read for so long, such as 12h, 7d or 4w, and known damage',
    },
  ],
  examples: [
    { command: 'holdfast verify', explanation: 'everything' },
    { command: 'holdfast verify fault-classifier@champion', explanation: 'one version' },
    { command: 'holdfast verify --backend lake', explanation: 'what lies in one store' },
    { command: 'holdfast verify --resume', explanation: 'after an interruption' },
    { command: 'holdfast verify --repair-from mirror', explanation: 'and mend it from another store' },
    { command: 'holdfast verify --not-verified-since 7d', explanation: 'a little every night' },
  ],
  failure: 'The check did not come to its end.',
  load: async () => (await import('./run-verify.ts')).runVerify,
};
