import type { CommandDeclaration } from '../../command/command-declaration.ts';

/** @param commands Every command, the one that is declared here included. */
export const completionCommand = (commands: () => readonly CommandDeclaration[]): CommandDeclaration => ({
  name: 'completion',
  group: 'Setup:',
  summary: 'print a script that completes commands, options and names',
  description:
    'Prints a script for your shell, which completes commands, options, and the names of your models, versions, aliases ' +
    'and stores. It gets those names from --list.',
  arguments: [{ syntax: '[shell]', description: 'bash, zsh or fish', completion: ['bash', 'zsh', 'fish'] }],
  options: [
    {
      flags: '--list <kind>',
      description: 'print the names of a kind, one per line: model, reference, alias or store',
      completion: ['model', 'reference', 'alias', 'store'],
    },
    { flags: '--word <text>', description: 'with --list: what has been typed so far' },
  ],
  examples: [
    { command: 'source <(holdfast completion bash)', explanation: 'in ~/.bashrc' },
    { command: 'holdfast completion zsh > ~/.zfunc/_holdfast', explanation: 'with ~/.zfunc in $fpath' },
    { command: 'holdfast completion fish > ~/.config/fish/completions/holdfast.fish', explanation: 'once' },
    { command: 'holdfast completion --list store', explanation: 'the names of the configured stores' },
  ],
  failure: 'Nothing was printed.',
  load: async () => (await import('./run-completion.ts')).runCompletion(commands()),
});
