import type { Completion } from '../../command/command-declaration.ts';
import type { CompletedCommand } from './completed-command.ts';

/** A completion script for bash. */
export function bashCompletion(commands: readonly CompletedCommand[]): string {
  return `# Completion of holdfast for bash: source <(holdfast completion bash)
_holdfast() {
  local line="\${COMP_LINE:0:COMP_POINT}" current head
  local -a words
  read -ra words <<< "$line"
  if [[ $line == *' ' ]]; then words+=(''); fi
  _holdfast_reply
  # Bash replaces only what comes after a colon or an at sign.
  current="\${words[\${#words[@]} - 1]}"
  head="\${current%"\${current##*[:@]}"}"
  if [[ -n $head && $COMP_WORDBREAKS == *"\${head: -1}"* ]]; then COMPREPLY=("\${COMPREPLY[@]#"$head"}"); fi
}

_holdfast_reply() {
  local last=$((\${#words[@]} - 1))
  local current="\${words[last]}" previous="\${words[last-1]}"
  local command='' place=0 index options=''
  COMPREPLY=()
  for ((index = 1; index < last; index++)); do
    case "$command \${words[index]}" in
      ${valuePatterns(commands)}) ((index++)) ;;
      *' -'*) ;;
      *) if [[ -z $command ]]; then command="\${words[index]}"; else ((place++)); fi ;;
    esac
  done
  case "$command $previous" in
${commands.flatMap(valueCases).join('\n')}
    *' --config') COMPREPLY=($(compgen -f -- "$current")); return ;;
  esac
  if [[ $current == -* ]]; then
    case "$command" in
${commands.map(optionsCase).join('\n')}
      *) options='--help --version --json --quiet --verbose --config --no-color' ;;
    esac
    COMPREPLY=($(compgen -W "$options" -- "$current"))
    return
  fi
  case "$command $place" in
    ' 0') COMPREPLY=($(compgen -W '${commands.map(({ name }) => name).join(' ')} help' -- "$current")) ;;
${commands.flatMap(placeCases).join('\n')}
  esac
}
complete -o filenames -o bashdefault -F _holdfast holdfast
`;
}

function valuePatterns(commands: readonly CompletedCommand[]): string {
  return commands
    .flatMap(({ name, options }) =>
      options
        .filter(({ takesValue }) => takesValue)
        .flatMap(({ names }) => names.map((flag) => `'${name} ${flag}'`)),
    )
    .concat("' --config'")
    .join('|');
}

function valueCases({ name, options }: CompletedCommand): readonly string[] {
  return options
    .filter(({ takesValue }) => takesValue)
    .map(({ names, completion }) => {
      const pattern = names.map((flag) => `'${name} ${flag}'`).join('|');
      return `    ${pattern}) ${reply(completion)}return ;;`;
    });
}

function optionsCase({ name, options }: CompletedCommand): string {
  return `      ${name}) options='${options.flatMap(({ names }) => names).join(' ')}' ;;`;
}

function placeCases({ name, places }: CompletedCommand): readonly string[] {
  return places.map((completion, index) => `    '${name} ${index}') ${reply(completion)};;`);
}

function reply(completion: Completion | undefined): string {
  if (completion === undefined) return '';
  if (completion === 'file') return 'COMPREPLY=($(compgen -f -- "$current")); ';
  const words =
    typeof completion === 'string'
      ? `"$(holdfast completion --list ${completion} --word "$current" 2>/dev/null)"`
      : `'${completion.join(' ')}'`;
  return `COMPREPLY=($(compgen -W ${words} -- "$current")); `;
}
