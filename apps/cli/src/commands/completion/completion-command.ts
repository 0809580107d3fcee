import type { CommandDeclaration } from '../../command/command-declaration.ts';

export const completionCommand: CommandDeclaration = {
  name: 'completion',
  group: 'Set-up:',
  summary: 'print a script that completes commands, options and model names',
  description:
    'Prints a script for your shell, which completes commands, options and the names of your models.',
  arguments: [{ syntax: '<shell>', description: 'bash, zsh or fish', completion: ['bash', 'zsh', 'fish'] }],
  examples: [
    { command: 'source <(holdfast completion bash)', explanation: 'in ~/.bashrc' },
    { command: 'holdfast completion zsh > ~/.zfunc/_holdfast', explanation: 'with ~/.zfunc in $fpath' },
    { command: 'holdfast completion fish > ~/.config/fish/completions/holdfast.fish', explanation: 'once' },
  ],
  failure: 'No script was printed.',
  load: async () => (await import('./run-completion.ts')).runCompletion,
};
