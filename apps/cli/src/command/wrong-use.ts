import type { CommanderError } from 'commander';
import { CommandError } from '../failure/command-error.ts';
import type { CommandDeclaration } from './command-declaration.ts';

/** What the parser of the command line did not understand, told as every other failure is. */
export function wrongUse(
  error: CommanderError,
  commandLine: readonly string[],
  declarations: readonly CommandDeclaration[],
): CommandError {
  const [what = '', suggestion] = error.message.replace(/^error: /, '').split('\n');
  const help = `See ${['holdfast', ...commandPath(commandLine, declarations), '--help'].join(' ')}.`;
  return new CommandError({
    code: 'wrong-use',
    message: `${what.charAt(0).toUpperCase()}${what.slice(1)}${what.endsWith('.') ? '' : '.'}`,
    hint: suggestion === undefined ? help : `${suggestion.replace(/^\((.*)\)$/, '$1')} ${help}`,
  });
}

/** The command that was meant, as far as its name was understood. */
function commandPath(
  commandLine: readonly string[],
  declarations: readonly CommandDeclaration[],
): readonly string[] {
  for (const [index, word] of commandLine.entries()) {
    const found = declarations.find(({ name }) => name === word);
    if (found !== undefined)
      return [found.name, ...commandPath(commandLine.slice(index + 1), found.subcommands ?? [])];
  }
  return [];
}
