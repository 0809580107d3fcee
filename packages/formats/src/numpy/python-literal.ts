/** A value of a Python literal. A tuple is told from a list; a dictionary is a map. */
export type PythonLiteral =
  | string
  | number
  | boolean
  | null
  | { readonly tuple: readonly PythonLiteral[] }
  | readonly PythonLiteral[]
  | ReadonlyMap<string, PythonLiteral>;

const maximumDepth = 64;
const escapes: ReadonlyMap<string, string> = new Map([
  ['\\', '\\'],
  ["'", "'"],
  ['"', '"'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);
const escapePattern = /x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})/y;

/**
 * Parses the Python literals that occur in array headers: texts, whole numbers, `True`, `False`,
 * `None`, tuples, lists, and dictionaries with text keys. Nothing is evaluated.
 *
 * @see https://docs.python.org/3/reference/lexical_analysis.html for the literals
 */
export class PythonLiteralParser {
  readonly #text: string;
  readonly #errorOf: (reason: string, index: number) => Error;
  #index = 0;
  #depth = 0;

  /** @param errorOf Makes the error to throw; the index counts characters from the start. */
  constructor(text: string, errorOf: (reason: string, index: number) => Error) {
    this.#text = text;
    this.#errorOf = errorOf;
  }

  /** The one literal that the text holds. */
  parse(): PythonLiteral {
    const literal = this.#value();
    this.#skipSpace();
    if (this.#index < this.#text.length) this.#fail('something follows the end of the literal');
    return literal;
  }

  #value(): PythonLiteral {
    this.#skipSpace();
    const next = this.#text[this.#index];
    if (next === '{') return this.#dictionary();
    if (next === '(') return this.#tuple();
    if (next === '[') return this.#sequence('[', ']').items;
    const word = /[A-Za-z0-9_+-]*/y;
    word.lastIndex = this.#index;
    const found = word.exec(this.#text)?.[0] ?? '';
    const quoteIndex = this.#index + found.length;
    if (/^[uUbB]?$/.test(found) && /['"]/.test(this.#text[quoteIndex] ?? '')) {
      this.#index = quoteIndex;
      return this.#string();
    }
    return this.#word(found);
  }

  #word(word: string): PythonLiteral {
    const start = this.#index;
    this.#index += word.length;
    if (word === 'True') return true;
    if (word === 'False') return false;
    if (word === 'None') return null;
    if (!/^[+-]?\d+[lL]?$/.test(word)) return this.#fail('no literal begins here', start);
    const value = Number(word.replace(/[lL]$/, ''));
    return Number.isSafeInteger(value) ? value : this.#fail('a number is too large', start);
  }

  #dictionary(): PythonLiteral {
    const entries = new Map<string, PythonLiteral>();
    this.#items('{', '}', () => {
      const keyIndex = this.#index;
      const key = this.#value();
      if (typeof key !== 'string') return this.#fail('a key is not a text', keyIndex);
      if (entries.has(key)) this.#fail(`the key '${key.slice(0, 40)}' is given twice`, keyIndex);
      this.#expect(':');
      entries.set(key, this.#value());
    });
    return entries;
  }

  #tuple(): PythonLiteral {
    const { items, endsWithComma } = this.#sequence('(', ')');
    const [only] = items;
    const isGrouping = items.length === 1 && !endsWithComma;
    return isGrouping && only !== undefined ? only : { tuple: items };
  }

  #sequence(open: string, close: string): { items: PythonLiteral[]; endsWithComma: boolean } {
    const items: PythonLiteral[] = [];
    const endsWithComma = this.#items(open, close, () => void items.push(this.#value()));
    return { items, endsWithComma };
  }

  #items(open: string, close: string, visit: () => void): boolean {
    this.#expect(open);
    this.#depth += 1;
    if (this.#depth > maximumDepth) this.#fail(`literals are nested deeper than ${maximumDepth} levels`);
    let endsWithComma = false;
    for (let isFirst = true; !this.#takes(close); isFirst = false) {
      if (!isFirst && !endsWithComma) this.#fail(`, or ${close} is due`);
      visit();
      endsWithComma = this.#takes(',');
    }
    this.#depth -= 1;
    return endsWithComma;
  }

  #string(): string {
    const quote = this.#text[this.#index];
    const start = this.#index;
    this.#index += 1;
    let content = '';
    for (;;) {
      const character = this.#text[this.#index];
      if (character === undefined || character === '\n') return this.#fail('a text does not end', start);
      this.#index += 1;
      if (character === quote) return content;
      content += character === '\\' ? this.#escape() : character;
    }
  }

  #escape(): string {
    const letter = this.#text[this.#index] ?? '';
    const plain = escapes.get(letter);
    if (plain !== undefined) {
      this.#index += 1;
      return plain;
    }
    escapePattern.lastIndex = this.#index;
    const match = escapePattern.exec(this.#text);
    const code = Number.parseInt(match?.[1] ?? match?.[2] ?? match?.[3] ?? '', 16);
    if (match === null || code > 0x10_ffff) return this.#fail('an escape sequence is unknown');
    this.#index = escapePattern.lastIndex;
    return String.fromCodePoint(code);
  }

  #takes(character: string): boolean {
    this.#skipSpace();
    if (this.#text[this.#index] !== character) return false;
    this.#index += 1;
    return true;
  }

  #expect(character: string): void {
    if (!this.#takes(character)) this.#fail(`${character} is due`);
  }

  #skipSpace(): void {
    for (;;) {
      while (/[ \t\r\n\f]/.test(this.#text[this.#index] ?? '')) this.#index += 1;
      if (this.#text[this.#index] !== '#') return;
      const end = this.#text.indexOf('\n', this.#index);
      this.#index = end === -1 ? this.#text.length : end;
    }
  }

  #fail(reason: string, index: number = this.#index): never {
    throw this.#errorOf(reason, index);
  }
}
