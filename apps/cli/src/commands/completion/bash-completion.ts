import type { Completion } from '../../command/command-declaration.ts';
import type { CompletedCommand } from './completed-command.ts';

/** A completion script for bash. */
export function bashCompletion(commands: readonly CompletedCommand[]): string {
  return `# Completion of holdfast for bash: source <(holdfast completion bash)
_holdfast() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  local command='' place=0 index options=''
  COMPREPLY=()
  for ((index = 1; index < COMP_CWORD; index++)); do
    case "$command \${COMP_WORDS[index]}" in
      ${valuePatterns(commands)}) ((index++)) ;;
      *' -'*) ;;
      *) if [[ -z $command ]]; then command="\${COMP_WORDS[index]}"; else ((place++)); fi ;;
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
  const words = completion === 'model' ? '"$(holdfast ls --names 2>/dev/null)"' : `'${completion.join(' ')}'`;
  return `COMPREPLY=($(compgen -W ${words} -- "$current")); `;
}
