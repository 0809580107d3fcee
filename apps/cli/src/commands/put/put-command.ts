import { SerializationFormat } from '@holdfast/domain';
import type { CommandDeclaration } from '../../command/command-declaration.ts';
import { storeOptions } from '../../command/store-option.ts';

export const putCommand: CommandDeclaration = {
  name: 'put',
  group: 'Models:',
  summary: 'save a file or folder as the next version of a model',
  description:
    'Saves a file, a folder or standard input (-) as the next version of a model. The bytes are hashed on their way in ' +
    'and stored once, however often they are saved. The format is detected from the bytes; broken files are rejected, ' +
    'unless --format binary says to store them as they are. What is odd, incomplete or may hold code is saved with a ' +
    'warning, which show and ls repeat; what would take too long to look into is described in less detail. A file is stored as it is at one moment: one that is written ' +
    'to meanwhile is read again once, then refused. Of a folder, empty folders are kept; stores, registries and .git are ' +
    'left out. Prints the new version, as NAME:NUMBER.',
  arguments: [
    { syntax: '<path>', description: 'a file, a folder, or - for standard input', completion: 'file' },
  ],
  options: [
    {
      flags: '-n, --name <name>',
      description: 'the model (required); created if none has this name',
      completion: 'model',
    },
    { flags: '-t, --tag <key=value>', description: 'a tag of the version', isRepeatable: true },
    {
      flags: '-a, --alias <alias>',
      description: 'point this alias to the new version',
      isRepeatable: true,
      completion: 'alias',
    },
    ...storeOptions('the store to save into'),
    {
      flags: '-f, --format <format>',
      description: 'require this format; binary accepts any bytes',
      completion: Object.values(SerializationFormat),
    },
    {
      flags: '-m, --metric <key=number>',
      description: 'a metric of the version; it cannot be changed later',
      isRepeatable: true,
    },
    {
      flags: '-p, --param <key=value>',
      description: 'a parameter of the version; it cannot be changed later',
      isRepeatable: true,
    },
    {
      flags: '--sha256 <digest>',
      description:
        'save only bytes with this digest; for a folder, the digest of its manifest, as show prints it',
    },
    { flags: '--allow-empty', description: 'accept an empty file, or a folder without files' },
    {
      flags: '--follow-links',
      description: 'follow the links in a folder, also out of it, and to folders',
    },
  ],
  examples: [
    {
      command: 'holdfast put model.onnx --name fault-classifier --tag stage=dev --alias champion',
      explanation: 'the next version of fault-classifier, which champion then points to',
    },
    {
      command: 'holdfast put ./checkpoint --name team/bert --metric accuracy=0.97 --param epochs=12',
      explanation: 'a folder, with all files below it, in a namespace',
    },
    {
      command: 'curl -s https://example.org/model | holdfast put - --name model',
      explanation: 'whatever comes through the pipe',
    },
  ],
  failure: 'Nothing was saved.',
  load: async () => (await import('./run-put.ts')).runPut,
};
