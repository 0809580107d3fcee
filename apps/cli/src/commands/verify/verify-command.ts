import type { CommandDeclaration } from '../../command/command-declaration.ts';
import { storeOptions } from '../../command/store-option.ts';

export const verifyCommand: CommandDeclaration = {
  name: 'verify',
  group: 'Maintenance:',
  summary: 're-read and re-hash what is stored',
  description:
    'Reads every stored object again, or those of one version, compares it with its digest, and checks what the ' +
    'stores themselves keep about their objects. Reports what is damaged, missing or cannot be found, with the versions ' +
    'that need it and what to do; damage is remembered, and repaired when the same file is put again.\n\n' +
    'Exits with 0 if everything is as it was saved or was repaired, with 6 if damage remains, with 130 or 143 if it ' +
    'was interrupted: --resume then continues from there.',
  arguments: [{ syntax: '[ref]', description: 'only what this version needs', completion: 'reference' }],
  options: [
    ...storeOptions('only what is stored in this store'),
    {
      flags: '--repair-from <store>',
      description: 'replace what is damaged or missing with the same bytes from this store',
      completion: 'store',
    },
    {
      flags: '--repair-records',
      description: 'restore damaged records of versions from the manifests beside their bytes',
    },
    {
      flags: '--resume',
      description:
        'continue where an interrupted run stopped, within a week; otherwise start from the beginning',
    },
    {
      flags: '--not-verified-since <age>',
      description: 'only objects that were not read for this long, such as 12h, 7d or 4w, and known damage',
    },
  ],
  examples: [
    { command: 'holdfast verify', explanation: 'everything' },
    { command: 'holdfast verify fault-classifier@champion', explanation: 'one version' },
    { command: 'holdfast verify --backend lake', explanation: 'what is stored in one store' },
    { command: 'holdfast verify --resume', explanation: 'after an interruption' },
    { command: 'holdfast verify --repair-from mirror', explanation: 'and repair it from another store' },
    { command: 'holdfast verify --not-verified-since 7d', explanation: 'a little every night' },
  ],
  failure: 'The check did not finish.',
  load: async () => (await import('./run-verify.ts')).runVerify,
};
