import type { CommandDeclaration, CommandHandler } from '../../command/command-declaration.ts';
import { parseChoice } from '../../command/parse-choice.ts';
import { CommandError } from '../../failure/command-error.ts';
import { bashCompletion } from './bash-completion.ts';
import { type CompletedCommand, toCompletedCommands } from './completed-command.ts';
import { fishCompletion } from './fish-completion.ts';
import { listNames, namedKinds } from './list-names.ts';
import { zshCompletion } from './zsh-completion.ts';

const writers: Readonly<Record<string, (commands: readonly CompletedCommand[]) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/** Prints the completion script of a shell, or the names that it asks for. */
export function runCompletion(commands: readonly CommandDeclaration[]): CommandHandler {
  return async (invocation, context) => {
    const { output } = context;
    const kind = invocation.text('list');
    if (kind !== undefined) {
      const names = await listNames(
        parseChoice('--list', kind, namedKinds),
        invocation.text('word') ?? '',
        context,
      );
      output.answer(names, () => names.join('\n'));
      return;
    }
    const shell = invocation.optionalArgument(0);
    const write = shell !== undefined && Object.hasOwn(writers, shell) ? writers[shell] : undefined;
    if (write === undefined) throw unknownShell(shell);
    const script = write(toCompletedCommands(commands));
    output.answer({ shell, script }, () => script.trimEnd());
  };
}

function unknownShell(shell: string | undefined): CommandError {
  return new CommandError({
    code: 'invalid-value',
    message:
      shell === undefined
        ? 'The name of a shell is missing.'
        : `No completion exists for the shell ${JSON.stringify(shell)}.`,
    hint: `Name one of ${Object.keys(writers).join(', ')}.`,
    details: { field: 'shell', value: shell },
  });
}
