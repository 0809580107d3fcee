import type { Completion } from '../../command/command-declaration.ts';
import type { CompletedCommand, CompletedOption } from './completed-command.ts';

/** A completion script for zsh, for a folder of `$fpath` or to be sourced. */
export function zshCompletion(commands: readonly CompletedCommand[]): string {
  return `#compdef holdfast
# Completion of holdfast for zsh: holdfast completion zsh > "\${fpath[1]}/_holdfast"
_holdfast_names() {
  local -a names
  names=(\${(f)"$(holdfast completion --list $1 --word "$PREFIX" 2>/dev/null)"})
  compadd -a names
}

_holdfast() {
  local curcontext="$curcontext" state line
  typeset -A opt_args
  local -a commands
  commands=(
${commands.map(({ name, summary }) => `    ${quoted(`${name}:${summary}`)}`).join('\n')}
  )
  _arguments -C '(-h --help)'{-h,--help}'[print help]' '(-V --version)'{-V,--version}'[print the version]' '1: :->command' '*:: :->arguments'
  case $state in
    command) _describe -t commands command commands ;;
    arguments)
      case $words[1] in
${commands.map(commandCase).join('\n')}
      esac
      ;;
  esac
}

if [[ $funcstack[1] == _holdfast ]]; then
  _holdfast "$@"
else
  compdef _holdfast holdfast
fi
`;
}

function commandCase({ name, options, places }: CompletedCommand): string {
  const specifications = [
    ...options.flatMap(optionSpecifications),
    ...places.map((place, index) => `${index + 1}: :${action(place)}`),
  ];
  return `        ${name}) _arguments ${specifications.map(quoted).join(' ')} ;;`;
}

function optionSpecifications({
  names,
  description,
  isRepeatable,
  takesValue,
  completion,
}: CompletedOption): readonly string[] {
  const explanation = `[${description.replaceAll(/[[\]]/g, '').replaceAll(':', '\\:')}]`;
  const value = takesValue ? `: :${action(completion)}` : '';
  return names.map((name) => `${isRepeatable ? '*' : ''}${name}${explanation}${value}`);
}

function action(completion: Completion | undefined): string {
  if (completion === undefined) return '';
  if (completion === 'file') return '_files';
  return typeof completion === 'string' ? `_holdfast_names ${completion}` : `(${completion.join(' ')})`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
