import { DetailLimit } from '../detail-limit.ts';
import { escapes, words, wordsOfPython } from './json-words.ts';

/** A parsed document. Objects are maps, so that no key is special. */
export type JsonTree = string | number | boolean | null | JsonTree[] | Map<string, JsonTree>;

/** Where and why a text is not the JSON that was expected. */
export interface JsonFailure {
  /** From the start of the bytes that the reader was given. */
  readonly offset: number;
  readonly reason: string;
  /** Whether the text ended early: with more bytes, it could still be right. */
  readonly incomplete: boolean;
}

/** Settings of a {@link JsonReader}. */
export interface JsonReaderOptions {
  /**
   * Whether to take what Python's `json` takes beyond RFC 8259: `NaN`, `Infinity`, a key given twice
   * (the last one holds) and half of a surrogate pair. Each is named in {@link JsonReader.liberties}.
   *
   * @default false
   */
  readonly isLenient?: boolean | undefined;
}

/** The deepest nesting that is followed. */
const maximumDepth = 256;
const mostLiberties = 8;
const numberPattern = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;
const hexPattern = /^[0-9a-fA-F]{4}$/;
const quote = 0x22;
const backslash = 0x5c;

/**
 * Reads JSON (RFC 8259) from UTF-8 bytes, value by value, and knows at which byte it is.
 * Unlike `JSON.parse` it refuses a key that is given twice, invalid UTF-8 and lone surrogates,
 * unless it is lenient.
 */
export class JsonReader {
  readonly #bytes: Uint8Array;
  readonly #errorOf: (failure: JsonFailure) => Error;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  readonly #isLenient: boolean;
  readonly #liberties = new Set<string>();
  #position = 0;
  #depth = 0;

  /** @param errorOf Makes the error to throw for a failure. */
  constructor(
    bytes: Uint8Array,
    errorOf: (failure: JsonFailure) => Error,
    { isLenient = false }: JsonReaderOptions = {},
  ) {
    this.#bytes = bytes;
    this.#errorOf = errorOf;
    this.#isLenient = isLenient;
  }

  /** What was taken although RFC 8259 has not, or forbids, it; empty for strict JSON. */
  get liberties(): readonly string[] {
    return [...this.#liberties];
  }

  /** The offset of the next byte. */
  get position(): number {
    return this.#position;
  }

  /** Goes on elsewhere, outside of every value. */
  moveTo(position: number): void {
    this.#position = position;
    this.#depth = 0;
  }

  /** Reads one key with its colon; what follows is its value. */
  key(): string {
    const key = this.string();
    this.#expect(':');
    return key;
  }

  /** Reads any value. */
  value(): JsonTree {
    const first = this.peek();
    if (first === 0x7b) {
      const members = new Map<string, JsonTree>();
      this.object((key) => void members.set(key, this.value()));
      return members;
    }
    if (first === 0x5b) {
      const elements: JsonTree[] = [];
      this.array(() => void elements.push(this.value()));
      return elements;
    }
    if (first === quote) return this.string();
    if (first === 0x2d && this.#isLenient && this.#bytes[this.#position + 1] === 0x49) return this.#literal();
    if (first === 0x2d || (first >= 0x30 && first <= 0x39)) return this.number();
    return this.#literal();
  }

  /** Reads an object; `visit` must read the value of each key. */
  object(visit: (key: string, keyOffset: number) => void): void {
    const keys = new Set<string>();
    this.#list({ open: '{', close: '}' }, () => {
      this.peek();
      const keyOffset = this.#position;
      const key = this.string();
      if (keys.has(key)) this.#take(`the key ${JSON.stringify(key.slice(0, 80))} is given twice`, keyOffset);
      keys.add(key);
      this.#expect(':');
      visit(key, keyOffset);
    });
  }

  /** Reads an array; `visit` must read each element. */
  array(visit: () => void): void {
    this.#list({ open: '[', close: ']' }, visit);
  }

  /** Reads a string. */
  string(): string {
    this.#expect('"');
    const start = this.#position;
    let text = '';
    let runStart = start;
    for (;;) {
      const byte = this.#byte();
      if (byte === quote) {
        text += this.#decode(runStart, this.#position);
        this.#position += 1;
        return this.#wellFormed(text, start);
      }
      if (byte < 0x20) this.fail('a string contains a control character');
      if (byte === backslash) {
        text += this.#decode(runStart, this.#position);
        text += this.#escape();
        runStart = this.#position;
      } else {
        this.#position += 1;
      }
    }
  }

  /** Reads a whole number from 0 up that a double holds exactly, without fraction or exponent. */
  unsignedInteger(): number {
    this.peek();
    const start = this.#position;
    const text = this.#numberText();
    const value = Number(text);
    if (!/^(?:0|[1-9][0-9]*)$/.test(text)) this.fail('a whole number from 0 up is due', start);
    if (!Number.isSafeInteger(value)) this.fail(`the number ${text.slice(0, 40)} is too large`, start);
    return value;
  }

  /** Reads a number. */
  number(): number {
    this.peek();
    const start = this.#position;
    const text = this.#numberText();
    if (!numberPattern.test(text)) {
      if (this.#position === this.#bytes.length) this.#failAtEnd();
      this.fail('a number is malformed', start);
    }
    return Number(text);
  }

  /** Refuses anything but white space up to the end. */
  end(): void {
    if (this.#skipSpace() !== undefined) this.fail('something follows the end of the document');
  }

  /** The first byte of what comes next, after white space. */
  peek(): number {
    return this.#skipSpace() ?? this.#failAtEnd();
  }

  /** Takes a liberty, or refuses it where it is strict. */
  #take(liberty: string, offset: number): void {
    if (!this.#isLenient) this.fail(liberty, offset);
    if (this.#liberties.size < mostLiberties) this.#liberties.add(liberty);
  }

  /** Throws for a reason, at the current position unless another is given. */
  fail(reason: string, offset: number = this.#position): never {
    throw this.#errorOf({ offset, reason, incomplete: false });
  }

  #failAtEnd(): never {
    throw this.#errorOf({
      offset: this.#bytes.length,
      reason: 'the JSON text ends too early',
      incomplete: true,
    });
  }

  #skipSpace(): number | undefined {
    for (;;) {
      const byte = this.#bytes[this.#position];
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return byte;
      this.#position += 1;
    }
  }

  #byte(): number {
    return this.#bytes[this.#position] ?? this.#failAtEnd();
  }

  #expect(character: string): void {
    if (this.peek() !== character.charCodeAt(0)) this.fail(`${character} is due`);
    this.#position += 1;
  }

  #list(brackets: { open: string; close: string }, visit: () => void): void {
    this.#expect(brackets.open);
    this.#depth += 1;
    if (this.#depth > maximumDepth) this.#failOfDepth();
    const close = brackets.close.charCodeAt(0);
    if (this.peek() !== close) {
      visit();
      while (this.peek() !== close) {
        this.#expect(',');
        visit();
      }
    }
    this.#position += 1;
    this.#depth -= 1;
  }

  #numberText(): string {
    const start = this.#position;
    while (isNumberByte(this.#bytes[this.#position])) this.#position += 1;
    return this.#decode(start, this.#position);
  }

  #failOfDepth(): never {
    const reason = `values are nested deeper than ${maximumDepth} levels`;
    if (this.#isLenient) throw new DetailLimit({ reason });
    return this.fail(reason);
  }

  #literal(): boolean | null | number {
    for (const [word, value] of this.#isLenient ? [...words, ...wordsOfPython] : words) {
      const rest = this.#decode(
        this.#position,
        Math.min(this.#position + word.length, this.#bytes.length),
        true,
      );
      if (rest === word) {
        if (typeof value === 'number') this.#take(`it holds ${word}, which is not JSON`, this.#position);
        this.#position += word.length;
        return value;
      }
      if (this.#position + rest.length === this.#bytes.length && word.startsWith(rest)) this.#failAtEnd();
    }
    return this.fail('no JSON value begins here');
  }

  #escape(): string {
    this.#position += 1;
    const letter = this.#byte();
    this.#position += 1;
    if (letter !== 0x75) {
      return escapes.get(letter) ?? this.fail('an escape sequence is unknown', this.#position - 2);
    }
    if (this.#position + 4 > this.#bytes.length) this.#failAtEnd();
    const digits = this.#decode(this.#position, this.#position + 4, true);
    if (!hexPattern.test(digits)) this.fail('an escape sequence is malformed', this.#position - 2);
    this.#position += 4;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  #decode(start: number, end: number, lenient = false): string {
    if (start === end) return '';
    const run = this.#bytes.subarray(start, end);
    if (lenient) return String.fromCharCode(...run);
    try {
      return this.#decoder.decode(run);
    } catch {
      return this.fail('a string is not valid UTF-8', start);
    }
  }

  #wellFormed(text: string, start: number): string {
    if (!text.isWellFormed()) this.#take('a string holds half of a surrogate pair', start);
    return text.toWellFormed();
  }
}

const numberBytes: ReadonlySet<number> = new Set(
  Array.from('0123456789-+.eE', (letter) => letter.charCodeAt(0)),
);

function isNumberByte(byte: number | undefined): boolean {
  return byte !== undefined && numberBytes.has(byte);
}
