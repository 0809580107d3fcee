import { latin1Text } from '../source/latin1-text.ts';
import { littleEndian } from './little-endian.ts';
import type { PickleMeaning, PickleScalar } from './pickle-meaning.ts';
import type { PickleStack } from './pickle-stack.ts';

/** An opcode with the bytes of its argument. */
export interface PickleInstruction {
  readonly code: number;
  readonly at: number;
  readonly content: Uint8Array;
}

type Run = <V>(
  instruction: PickleInstruction,
  stack: PickleStack<V>,
  handler: PickleMeaning<V>,
) => boolean | void;

/** Does what an opcode says; `false` where it makes no sense. The stack is known to hold what it takes. */
export function runOpcode<V>(
  instruction: PickleInstruction,
  stack: PickleStack<V>,
  handler: PickleMeaning<V>,
): boolean {
  const run = operations.get(instruction.code);
  return run === undefined || run(instruction, stack, handler) !== false;
}

function scalar(decode: (content: Uint8Array) => PickleScalar | undefined): Run {
  return ({ content }, stack, handler) => {
    const value = decode(content);
    if (value === undefined) return false;
    stack.push(handler.scalar(value));
    return true;
  };
}

function float(decode: (content: Uint8Array) => number | undefined): Run {
  return ({ content }, stack, handler) => {
    const value = decode(content);
    if (value === undefined) return false;
    stack.push(handler.float?.(value) ?? handler.scalar(value));
    return true;
  };
}

function put(indexOf: (content: Uint8Array) => number | undefined): Run {
  return ({ content }, stack) => stack.remember(indexOf(content));
}

function get(indexOf: (content: Uint8Array) => number): Run {
  return ({ content }, stack) => {
    const found = stack.recall(indexOf(content));
    if (found !== undefined) stack.push(found.value);
    return found !== undefined;
  };
}

function tuple(length: number): Run {
  return (_, stack, handler) => {
    const items = Array.from({ length }, () => stack.pop()).toReversed();
    stack.push(handler.collection('tuple', items));
  };
}

function collection(kind: 'list' | 'tuple' | 'dict' | 'frozenset'): Run {
  return (_, stack, handler) => {
    const items = stack.popToMark();
    if (kind === 'dict' && items.length % 2 !== 0) return false;
    stack.push(handler.collection(kind, items));
    return true;
  };
}

function empty(kind: 'list' | 'tuple' | 'dict' | 'set'): Run {
  return (_, stack, handler) => stack.push(handler.collection(kind, []));
}

function extend(isPairs: boolean): Run {
  return (_, stack, handler) => {
    const items = stack.popToMark();
    if (isPairs && items.length % 2 !== 0) return false;
    handler.extend(stack.top(), items, isPairs);
    return true;
  };
}

/** Calls something with the arguments of a tuple, and those with names where there are any. */
function call(argumentCount: 1 | 2): Run {
  return ({ at }, stack, handler) => {
    const named = argumentCount === 2 ? [stack.pop()] : [];
    const given = handler.itemsOf(stack.pop());
    const callable = stack.pop();
    if (given === undefined) return false;
    stack.push(handler.call(callable, [...given, ...named], at));
    return true;
  };
}

function extension(
  { content, at }: PickleInstruction,
  stack: PickleStack<never>,
  handler: PickleMeaning<never>,
): void {
  stack.push(handler.extension(littleEndian(content), at));
}

const longestTextBytes = 2 ** 28;
const longestIntegerBytes = 2 ** 16;
const isTrue = scalar(() => true);
const isFalse = scalar(() => false);

const operations: ReadonlyMap<number, Run> = new Map(
  Object.entries<Run>({
    '(': (_, stack) => stack.mark(),
    '0': (_, stack) => stack.drop(),
    '1': (_, stack) => void stack.popToMark(),
    '2': (_, stack) => stack.push(stack.top()),
    N: scalar(() => null),
    '\x88': isTrue,
    '\x89': isFalse,
    I: scalar(integerLine),
    L: scalar((content) => integerOf(latin1Text(content).replace(/L$/, ''))),
    F: float((content) => floatOf(latin1Text(content))),
    J: scalar((content) => viewOf(content).getInt32(0, true)),
    K: scalar((content) => content[0]),
    M: scalar((content) => viewOf(content).getUint16(0, true)),
    G: float((content) => viewOf(content).getFloat64(0, false)),
    '\x8a': scalar(longOf),
    '\x8b': scalar((content) => (content.length > longestIntegerBytes ? undefined : longOf(content))),
    S: scalar(quotedLine),
    T: boundedText(latin1Text),
    U: scalar(latin1Text),
    V: scalar((content) =>
      latin1Text(content).replaceAll(/\\u([0-9a-fA-F]{4})/g, (_, code: string) =>
        String.fromCharCode(Number.parseInt(code, 16)),
      ),
    ),
    X: boundedText(utf8),
    '\x8c': scalar(utf8),
    '\x8d': boundedText(utf8),
    B: scalar((content) => new Uint8Array(content)),
    C: scalar((content) => new Uint8Array(content)),
    '\x8e': scalar((content) => new Uint8Array(content)),
    '\x96': scalar((content) => new Uint8Array(content)),
    ']': empty('list'),
    ')': empty('tuple'),
    '}': empty('dict'),
    '\x8f': empty('set'),
    l: collection('list'),
    t: collection('tuple'),
    d: collection('dict'),
    '\x91': collection('frozenset'),
    '\x85': tuple(1),
    '\x86': tuple(2),
    '\x87': tuple(3),
    a: (_, stack, handler) => {
      const item = stack.pop();
      handler.extend(stack.top(), [item], false);
    },
    e: extend(false),
    '\x90': extend(false),
    s: (_, stack, handler) => {
      const value = stack.pop();
      const key = stack.pop();
      handler.extend(stack.top(), [key, value], true);
    },
    u: extend(true),
    g: get((content) => Number(latin1Text(content))),
    h: get(littleEndian),
    j: get(littleEndian),
    p: put((content) => Number(latin1Text(content))),
    q: put(littleEndian),
    r: put(littleEndian),
    '\x94': put(() => undefined),
    c: ({ content, at }, stack, handler) => stack.push(globalOf(content, at, handler)),
    '\x93': ({ at }, stack, handler) => {
      const name = stack.pop();
      stack.push(handler.global(stack.pop(), name, at));
    },
    i: ({ content, at }, stack, handler) =>
      stack.push(handler.call(globalOf(content, at, handler), stack.popToMark(), at)),
    o: ({ at }, stack, handler) => {
      const [callable, ...given] = stack.popToMark();
      if (callable === undefined) return false;
      stack.push(handler.call(callable, given, at));
      return true;
    },
    R: call(1),
    '\x81': call(1),
    '\x92': call(2),
    b: ({ at }, stack, handler) => {
      const state = stack.pop();
      stack.push(handler.build(stack.pop(), state, at));
    },
    P: ({ content, at }, stack, handler) => stack.push(handler.persistent(handler.scalar(utf8(content)), at)),
    Q: ({ at }, stack, handler) => stack.push(handler.persistent(stack.pop(), at)),
    '\x82': extension as Run,
    '\x83': extension as Run,
    '\x84': extension as Run,
    '\x97': ({ at }, stack, handler) => stack.push(handler.persistent(handler.scalar(null), at)),
  }).map(([letter, run]) => [letter.charCodeAt(0), run]),
);

function globalOf<V>(content: Uint8Array, at: number, handler: PickleMeaning<V>): V {
  const [module = '', name = ''] = utf8(content).split('\n');
  return handler.global(handler.scalar(module), handler.scalar(name), at);
}

function integerLine(content: Uint8Array): PickleScalar | undefined {
  const text = latin1Text(content);
  if (text === '01') return true;
  return text === '00' ? false : integerOf(text);
}

function integerOf(text: string): number | bigint | undefined {
  const digits = text.trim().replaceAll(/(?<=[\da-f])_(?=[\da-f])/gi, '');
  if (!/^[+-]?(?:\d+|0x[\da-f]+|0o[0-7]+|0b[01]+)$/i.test(digits)) return undefined;
  const big = BigInt(digits.replace(/^[+-]/, '')) * (digits.startsWith('-') ? -1n : 1n);
  const number = Number(big);
  return Number.isSafeInteger(number) ? number : big;
}

function floatOf(text: string): number | undefined {
  const special = /^\s*([+-]?)(inf(?:inity)?|nan)\s*$/i.exec(text);
  if (special !== null)
    return special[2]?.toLowerCase() === 'nan' ? Number.NaN : special[1] === '-' ? -Infinity : Infinity;
  const number = Number(text);
  return text.trim() === '' || Number.isNaN(number) ? undefined : number;
}

/** A whole number of any length, in two's complement. */
function longOf(content: Uint8Array): number | bigint {
  const isNegative = ((content.at(-1) ?? 0) & 0x80) !== 0;
  if (content.length <= 6) return littleEndian(content) - (isNegative ? 2 ** (8 * content.length) : 0);
  const digits = Array.from(content.toReversed(), (byte) => byte.toString(16).padStart(2, '0')).join('');
  const big = BigInt(`0x${digits}`) - (isNegative ? 1n << BigInt(8 * content.length) : 0n);
  const number = Number(big);
  return Number.isSafeInteger(number) ? number : big;
}

/** The text within the quotes of a line, without its escapes undone: names have none. */
function quotedLine(content: Uint8Array): string {
  return latin1Text(content)
    .trim()
    .replace(/^(['"])(.*)\1$/s, '$2');
}

function utf8(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

/** A text, unless it is longer than a string can be. */
function boundedText(decode: (content: Uint8Array) => string): Run {
  return scalar((content) => (content.length > longestTextBytes ? undefined : decode(content)));
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
