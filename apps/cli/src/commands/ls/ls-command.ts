import type { CommandDeclaration } from '../../command/command-declaration.ts';

export const lsCommand: CommandDeclaration = {
  name: 'ls',
  group: 'Models:',
  summary: 'list models, or the versions of one',
  description:
    'Lists models by name with their newest version. NAME lists the versions of that model, newest first; ' +
    'a namespace with its slash, as team/, lists the models in it. With --json: one line per model or version.',
  arguments: [
    { syntax: '[name]', description: 'a model, or a namespace with its slash', completion: 'model' },
  ],
  options: [
    { flags: '-t, --tag <key=value>', description: 'only what carries this tag', isRepeatable: true },
    { flags: '-s, --search <text>', description: 'only models whose name contains this text' },
    { flags: '-l, --limit <count>', description: 'at most so many' },
    { flags: '--names', description: 'only the names, one a line; with --json one array' },
  ],
  examples: [
    { command: 'holdfast ls', explanation: 'every model' },
    { command: 'holdfast ls fault-classifier', explanation: 'its versions, newest first' },
    { command: 'holdfast ls --tag stage=prod --search fault', explanation: 'models that fit both' },
    { command: 'holdfast ls --json | jq -r .name', explanation: 'for scripts' },
  ],
  failure: 'Nothing could be listed.',
  load: async () => (await import('./run-ls.ts')).runLs,
};
