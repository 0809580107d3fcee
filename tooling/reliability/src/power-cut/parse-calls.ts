/** One system call of a traced program that has returned. */
export interface SystemCall {
  readonly name: string;
  /** As strace spells them: a string is quoted, with every byte in hexadecimal. */
  readonly parameters: readonly string[];
  readonly result: number;
  /** Where in the trace it was entered. */
  readonly began: number;
  /** Where in the trace it had returned; calls of other threads may lie between. */
  readonly ended: number;
}

interface EnteredCall {
  readonly text: string;
  readonly began: number;
}

const enteredPattern = /^(\d+) +(\w+\(.*) <unfinished \.\.\.>$/;
const resumedPattern = /^(\d+) +<\.\.\. \w+ resumed>(.*)$/;
const wholePattern = /^\d+ +(\w+\(.*)$/;
const callPattern = /^(\w+)\((.*)\) += (-?\d+|0x[\da-f]+)/;

/** Reads the log of `strace -f -xx`. Calls that failed or did not return are left out: they changed nothing. */
export function parseCalls(log: string): readonly SystemCall[] {
  const entered = new Map<string, EnteredCall>();
  const calls: SystemCall[] = [];
  for (const [place, line] of log.split('\n').entries()) {
    const [, thread = '', beginning] = enteredPattern.exec(line) ?? [];
    if (beginning !== undefined) {
      entered.set(thread, { text: beginning, began: place });
      continue;
    }
    const [, resumedThread = '', rest = ''] = resumedPattern.exec(line) ?? [];
    const first = entered.get(resumedThread);
    entered.delete(resumedThread);
    const text = first === undefined ? wholePattern.exec(line)?.[1] : `${first.text}${rest}`;
    const call = text === undefined ? undefined : parseCall(text, first?.began ?? place, place);
    if (call !== undefined) calls.push(call);
  }
  return calls;
}

function parseCall(text: string, began: number, ended: number): SystemCall | undefined {
  const [, name = '', parameters = '', answer = ''] = callPattern.exec(text) ?? [];
  const result = Number(answer);
  if (name === '' || result < 0) return undefined;
  if (parameters.includes('"...')) throw new Error(`strace has cut a string of ${name}: raise its limit.`);
  return { name, parameters: splitParameters(parameters), result, began, ended };
}

/** Splits at the commas outside of brackets: strings have none, since their bytes are in hexadecimal. */
function splitParameters(text: string): readonly string[] {
  const parameters: string[] = [];
  let depth = 0;
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (character === '[' || character === '{') depth++;
    if (character === ']' || character === '}') depth--;
    if (character !== ',' || depth > 0) continue;
    parameters.push(text.slice(start, index).trim());
    start = index + 1;
  }
  parameters.push(text.slice(start).trim());
  return parameters;
}

/** The bytes of all strings in a parameter. */
export function bytesIn(parameter: string | undefined): Buffer {
  const strings = parameter?.match(/"[^"]*"/g) ?? [];
  return Buffer.from(strings.join('').replaceAll(/["\\x]/g, ''), 'hex');
}
