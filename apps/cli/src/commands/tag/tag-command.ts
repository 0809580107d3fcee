import type { CommandDeclaration } from '../../command/command-declaration.ts';

export const tagCommand: CommandDeclaration = {
  name: 'tag',
  group: 'Models:',
  summary: 'set and remove tags of a version or model',
  description:
    'Sets and removes tags of a version, or with --model those of the model itself, and prints what they are now.',
  arguments: [
    { syntax: '<ref>', description: 'NAME (the newest), NAME:NUMBER or NAME@ALIAS', completion: 'reference' },
    { syntax: '[tags...]', description: 'key=value pairs to set' },
  ],
  options: [
    { flags: '--remove <key>', description: 'a tag to remove', isRepeatable: true },
    { flags: '--model', description: 'tag the model instead of a version' },
  ],
  examples: [
    { command: 'holdfast tag fault-classifier:3 stage=prod owner=ana', explanation: 'two tags of version 3' },
    { command: 'holdfast tag fault-classifier --model team=vibration', explanation: 'a tag of the model' },
    { command: 'holdfast tag fault-classifier:3 --remove stage', explanation: 'one tag less' },
  ],
  failure: 'The tags were not changed.',
  load: async () => (await import('./run-tag.ts')).runTag,
};
