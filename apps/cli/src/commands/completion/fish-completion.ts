import type { Completion } from '../../command/command-declaration.ts';
import type { CompletedCommand, CompletedOption } from './completed-command.ts';

/** A completion script for fish. */
export function fishCompletion(commands: readonly CompletedCommand[]): string {
  const lines = commands.flatMap((command) => [
    `complete -c holdfast -f -n __fish_use_subcommand -a ${command.name} -d ${quoted(command.summary)}`,
    ...command.options.map((option) => optionLine(command, option)),
    ...new Set(command.places.map((place) => placeLine(command, place)).filter((line) => line !== undefined)),
  ]);
  return `# Completion of holdfast for fish: holdfast completion fish > ~/.config/fish/completions/holdfast.fish
function __holdfast_names
    holdfast completion --list $argv[1] --word (commandline -ct) 2>/dev/null
end

complete -c holdfast -f
${lines.join('\n')}
`;
}

function optionLine(
  { name }: CompletedCommand,
  { names, description, takesValue, completion }: CompletedOption,
): string {
  const flags = names
    .map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`))
    .join(' ');
  const value = takesValue ? ` ${completion === 'file' ? '-r -F' : `-x${words(completion)}`}` : '';
  return `complete -c holdfast -n '__fish_seen_subcommand_from ${name}' ${flags}${value} -d ${quoted(description)}`;
}

function placeLine({ name }: CompletedCommand, place: Completion | undefined): string | undefined {
  if (place === undefined) return undefined;
  const values = place === 'file' ? ' -F' : words(place);
  return `complete -c holdfast -n '__fish_seen_subcommand_from ${name}'${values}`;
}

function words(completion: Completion | undefined): string {
  if (completion === undefined || completion === 'file') return '';
  return ` -a ${typeof completion === 'string' ? `'(__holdfast_names ${completion})'` : quoted(completion.join(' '))}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
