import type { CommandHandler } from '../../command/command-declaration.ts';
import { CommandError } from '../../failure/command-error.ts';
import { allCommands } from '../all-commands.ts';
import { bashCompletion } from './bash-completion.ts';
import { type CompletedCommand, toCompletedCommands } from './completed-command.ts';
import { fishCompletion } from './fish-completion.ts';
import { zshCompletion } from './zsh-completion.ts';

const writers: Readonly<Record<string, (commands: readonly CompletedCommand[]) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/** Prints the completion script of a shell. */
export const runCompletion: CommandHandler = async (invocation, { output }) => {
  const shell = invocation.argument(0);
  const write = Object.hasOwn(writers, shell) ? writers[shell] : undefined;
  if (write === undefined) {
    throw new CommandError({
      code: 'invalid-value',
      message: `There is no completion for the shell ${JSON.stringify(shell)}.`,
      hint: `There is one for ${Object.keys(writers).join(', ')}.`,
      details: { field: 'shell', value: shell },
    });
  }
  const script = write(toCompletedCommands(allCommands));
  output.answer({ shell, script }, () => script.trimEnd());
};
