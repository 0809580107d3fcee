import { Command, InvalidArgumentError, Option } from 'commander';
import { exitCodeMeanings } from '../failure/exit-code.ts';
import { createStyle } from '../output/style.ts';
import { programVersion } from '../program-version.ts';
import type { CommandDeclaration, CommandExample, OptionDeclaration } from './command-declaration.ts';
import { type GlobalSettings, globalOptions, toGlobalSettings } from './global-options.ts';
import { Invocation } from './invocation.ts';

/** A command that the user chose, with what was given to it. */
export interface SelectedCommand {
  readonly declaration: CommandDeclaration;
  readonly invocation: Invocation;
  readonly settings: GlobalSettings;
}

export interface ProgramOptions {
  readonly run: (selected: SelectedCommand) => Promise<void>;
  readonly writeHelp: (text: string) => void;
  /** Where help goes that nobody asked for. */
  readonly writeHelpAfterError: (text: string) => void;
  readonly hasColors: boolean;
  /** Whether the version is printed as a document. */
  readonly isJson: boolean;
  readonly widthColumns: number;
}

/** Makes the parser of the command line. It throws a `CommanderError` for whatever it does not understand. */
export function createProgram(declarations: readonly CommandDeclaration[], options: ProgramOptions): Command {
  const { hasColors, widthColumns, isJson } = options;
  const style = createStyle(hasColors);
  const program = new Command('holdfast')
    .description('Verified storage for machine-learning models: every byte that goes in comes out, checked.')
    .exitOverride()
    .configureOutput({
      writeOut: options.writeHelp,
      writeErr: options.writeHelpAfterError,
      outputError: () => undefined,
      getOutHelpWidth: () => widthColumns,
      getErrHelpWidth: () => widthColumns,
      getOutHasColors: () => hasColors,
      getErrHasColors: () => hasColors,
    })
    .configureHelp({ showGlobalOptions: true, styleTitle: style.bold, styleCommandText: style.accent })
    .version(
      isJson ? JSON.stringify({ version: programVersion() }) : programVersion(),
      '-V, --version',
      'print the version',
    )
    .helpOption('-h, --help', 'print help, with examples')
    .helpCommand('help [command]', 'print the help of a command')
    .commandsGroup('Setup:')
    .addHelpText('after', exitCodesHelp(style.bold));
  for (const option of globalOptions) program.addOption(toOption(option));
  for (const declaration of declarations)
    addCommand(program, declaration, { program, options, bold: style.bold });
  return program;
}

interface Surroundings {
  readonly program: Command;
  readonly options: ProgramOptions;
  readonly bold: (text: string) => string;
}

function addCommand(parent: Command, declaration: CommandDeclaration, surroundings: Surroundings): void {
  const { name, summary, description, group, examples, subcommands = [], load } = declaration;
  const command = parent
    .command(name)
    .summary(summary)
    .description(description ?? `${upperFirst(summary)}.`);
  if (group !== undefined) command.helpGroup(group);
  for (const { syntax, description: meaning } of declaration.arguments ?? [])
    command.argument(syntax, meaning);
  for (const option of declaration.options ?? []) command.addOption(toOption(option));
  command.addHelpText('after', examplesHelp(examples, surroundings.bold));
  if (subcommands.length > 0) command.helpCommand(false);
  for (const subcommand of subcommands) addCommand(command, subcommand, surroundings);
  if (load === undefined) return;
  command.action(async () => {
    const settings = toGlobalSettings(surroundings.program.opts());
    const invocation = new Invocation(command.processedArgs, command.opts());
    await surroundings.options.run({ declaration, invocation, settings });
  });
}

function toOption({ flags, description, isRepeatable = false, conflicts = [] }: OptionDeclaration): Option {
  const option = new Option(flags, isRepeatable ? `${description} (repeatable)` : description).conflicts([
    ...conflicts,
  ]);
  if (!isRepeatable) return holdsOneValue(option);
  return option.argParser((value: string, values: readonly string[] | undefined) => [
    ...(values ?? []),
    value,
  ]);
}

/** Given twice, one of the values would be silently lost. */
function holdsOneValue(option: Option): Option {
  if (!option.required && !option.optional) return option;
  return option.argParser((value: string, before: string | undefined) => {
    if (before !== undefined) throw new InvalidArgumentError('It is given twice, and holds one value.');
    return value;
  });
}

function examplesHelp(examples: readonly CommandExample[], bold: (text: string) => string): string {
  const lines = examples.map(({ command, explanation }) => `  ${command}\n      ${explanation}`);
  return `\n${bold('Examples:')}\n${lines.join('\n')}`;
}

function exitCodesHelp(bold: (text: string) => string): string {
  const lines = exitCodeMeanings.map(([code, meaning]) => `  ${String(code).padStart(3)}  ${meaning}`);
  return `\n${bold('Exit codes:')}\n${lines.join('\n')}\n\nBegin with: holdfast quickstart`;
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
