import type { CommandDeclaration } from '../../command/command-declaration.ts';
import { storeOptions } from '../../command/store-option.ts';

export const getCommand: CommandDeclaration = {
  name: 'get',
  group: 'Models:',
  summary: 'write a version to a file or folder, verified',
  description:
    'Writes a version to a file, or to a folder if it is one. The bytes are hashed again: the file is put in place ' +
    'only if they are the saved ones; otherwise nothing is left. With -o - the bytes go to standard output as they ' +
    'come, before the digest is known: rely on them only when the exit code is 0; a mismatch ends with 6.\n\n' +
    'Where mirror has made copies in other stores, the next copy is read when one is damaged or missing, or when its store ' +
    'is down, gone or no longer configured; a warning says what to do about it.',
  arguments: [
    { syntax: '<ref>', description: 'NAME (the newest), NAME:NUMBER or NAME@ALIAS', completion: 'reference' },
  ],
  options: [
    {
      flags: '-o, --output <path>',
      description:
        'where to write, a folder/ to write into, or - for standard output (default: the name that was saved, here)',
      completion: 'file',
    },
    { flags: '--force', description: 'replace an existing file, or a folder as a whole' },
    ...storeOptions('read only the copy in this store'),
  ],
  examples: [
    {
      command: 'holdfast get fault-classifier@champion -o ./model.onnx',
      explanation: 'the version that champion points to',
    },
    { command: 'holdfast get team/bert:3', explanation: 'version 3, under the name that it was saved from' },
    { command: 'holdfast get model -o - | sha256sum', explanation: 'the newest version, through a pipe' },
  ],
  failure: 'Nothing was written.',
  load: async () => (await import('./run-get.ts')).runGet,
};
