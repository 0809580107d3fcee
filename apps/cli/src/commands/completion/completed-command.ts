import type { CommandDeclaration, Completion, OptionDeclaration } from '../../command/command-declaration.ts';
import { globalOptions } from '../../command/global-options.ts';

/** An option as shells see it. */
export interface CompletedOption {
  /** As `-o` and `--output`. */
  readonly names: readonly string[];
  readonly description: string;
  readonly isRepeatable: boolean;
  readonly takesValue: boolean;
  readonly completion: Completion | undefined;
}

/** A command as shells see it: options, and what can stand at its places. */
export interface CompletedCommand {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly CompletedOption[];
  readonly places: readonly (Completion | undefined)[];
}

/** What can be completed, made from the declarations. Subcommands are the words of the first place. */
export function toCompletedCommands(
  declarations: readonly CommandDeclaration[],
): readonly CompletedCommand[] {
  return declarations.map(({ name, summary, options = [], arguments: places = [], subcommands = [] }) => ({
    name,
    summary,
    options: [...options, ...globalOptions, help].map(toOption),
    places:
      subcommands.length > 0
        ? [subcommands.map((each) => each.name)]
        : places.map((place) => place.completion),
  }));
}

const help: OptionDeclaration = { flags: '-h, --help', description: 'print help, with examples' };

function toOption({
  flags,
  description,
  isRepeatable = false,
  completion,
}: OptionDeclaration): CompletedOption {
  const names = flags.split(/[ ,]+/).filter((word) => word.startsWith('-'));
  return { names, description, isRepeatable, takesValue: flags.includes('<'), completion };
}
