import { unescapeYaml } from './unescape-yaml.ts';

/** A value of a YAML document; every scalar stays a text. */
export type YamlTree = string | readonly YamlTree[] | ReadonlyMap<string, YamlTree>;

const maximumDepth = 64;
const keyPattern =
  /^(?:"((?:[^"\\]|\\.)*)"|'((?:[^']|'')*)'|([^\s"'#&*!|>%@`[\]{},-][^#]*?|-[^\s#][^#]*?))\s*:(?:\s+|$)/;
interface Line {
  readonly indent: number;
  readonly text: string;
  readonly offset: number;
}

/**
 * Reads the part of YAML that tools write when they dump plain data in block style: mappings,
 * sequences, plain and quoted scalars over several lines, literal and folded blocks, empty `{}` and
 * `[]`. Anchors, tags and other flow collections are refused, never misread.
 *
 * @see https://yaml.org/spec/1.2.2 for the whole language
 */
export class BlockYamlReader {
  readonly #lines: Line[] = [];
  readonly #errorOf: (reason: string, offset: number) => Error;
  #index = 0;
  #depth = 0;

  /** @param errorOf Makes the error to throw; the offset counts UTF-16 units from the start. */
  constructor(text: string, errorOf: (reason: string, offset: number) => Error) {
    this.#errorOf = errorOf;
    let offset = 0;
    for (const line of text.split('\n')) {
      const content = line.replace(/\r$/, '');
      const indent = content.length - content.trimStart().length;
      this.#lines.push({ indent, text: content.trim(), offset: offset + indent });
      offset += line.length + 1;
    }
  }

  /** The document; an empty map where there is nothing. */
  read(): YamlTree {
    const foreignBreak = this.#lines.find((line) => /[\u0085\u2028\u2029]/.test(line.text));
    if (foreignBreak !== undefined) this.#fail('a line break of another kind stands in a text', foreignBreak);
    if (this.#peek()?.text === '---') this.#index += 1;
    const first = this.#peek();
    if (first === undefined) return new Map();
    const tree = this.#block(first.indent);
    const rest = this.#peek();
    if (rest !== undefined && rest.text !== '...')
      this.#fail('a line is indented in an unexpected way', rest);
    return tree;
  }

  /** The next line that is neither empty nor a comment. */
  #peek(): Line | undefined {
    for (;;) {
      const line = this.#lines[this.#index];
      if (line === undefined || (line.text !== '' && !line.text.startsWith('#'))) return line;
      this.#index += 1;
    }
  }

  #block(indent: number): YamlTree {
    this.#depth += 1;
    const first = this.#peek();
    if (first === undefined || this.#depth > maximumDepth)
      return this.#fail('the nesting is too deep', first);
    const isSequence = first.text === '-' || first.text.startsWith('- ');
    const tree = isSequence ? this.#sequence(indent) : this.#mapping(indent);
    this.#depth -= 1;
    return tree;
  }

  #mapping(indent: number): ReadonlyMap<string, YamlTree> {
    const members = new Map<string, YamlTree>();
    for (let line = this.#peek(); line !== undefined && line.indent === indent; line = this.#peek()) {
      if (line.text === '...' || line.text.startsWith('- ')) break;
      const match = keyPattern.exec(line.text) ?? this.#fail('a key and a colon are due', line);
      const [, double, single, bare = ''] = match;
      const key =
        double === undefined ? (single?.replaceAll("''", "'") ?? bare) : this.#unescape(double, line);
      if (members.has(key)) this.#fail(`the key ${JSON.stringify(key.slice(0, 80))} is given twice`, line);
      members.set(key, this.#valueAfter(line, match[0].length, { indent, mayHoldSequence: true }));
    }
    return members;
  }

  #sequence(indent: number): YamlTree[] {
    const items: YamlTree[] = [];
    for (let line = this.#peek(); line !== undefined && line.indent === indent; line = this.#peek()) {
      if (line.text !== '-' && !line.text.startsWith('- ')) break;
      const content = line.text.slice(1).trimStart();
      const shift = line.text.length - content.length;
      if (content !== '' && (keyPattern.test(content) || content.startsWith('- '))) {
        const inner = { indent: indent + shift, text: content, offset: line.offset + shift };
        this.#lines[this.#index] = inner;
        items.push(this.#block(inner.indent));
      } else {
        items.push(this.#valueAfter(line, shift, { indent, mayHoldSequence: false }));
      }
    }
    return items;
  }

  #valueAfter(
    line: Line,
    skip: number,
    place: { readonly indent: number; readonly mayHoldSequence: boolean },
  ): YamlTree {
    const rest = line.text.slice(skip);
    this.#index += 1;
    if (/^[|>]/.test(rest)) return this.#literal(rest, place.indent);
    if (/^["']/.test(rest)) return this.#quoted(rest, line);
    if (rest === '{}') return new Map();
    if (rest === '[]') return [];
    if (/^[&*!%@`[{]/.test(rest)) return this.#fail('this form of YAML is not read', line);
    if (rest !== '' && !rest.startsWith('#')) return this.#plain(rest, line, place.indent);
    const next = this.#peek();
    if (next === undefined || next.indent < place.indent) return '';
    const isInner = next.indent > place.indent || (place.mayHoldSequence && /^-(?: |$)/.test(next.text));
    return isInner ? this.#block(next.indent) : '';
  }

  #plain(first: string, start: Line, indent: number): string {
    const parts = [first];
    for (let line = this.#lines[this.#index]; line !== undefined; line = this.#lines[this.#index]) {
      if (line.text === '' || line.indent <= indent) break;
      parts.push(line.text);
      this.#index += 1;
    }
    const text = parts.map((part) => part.replace(/\s#.*$/, '')).join(' ');
    return /:(?:\s|$)/.test(text) ? this.#fail('a colon stands in a text without quotes', start) : text;
  }

  #quoted(first: string, start: Line): string {
    const quote = first.charAt(0);
    let folded = first.slice(1);
    for (;;) {
      const end = quoteEnd(folded, quote);
      if (end !== -1) {
        if (!/^\s*(?:#.*)?$/.test(folded.slice(end + 1)))
          this.#fail('something follows a quoted text', start);
        return quote === "'"
          ? folded.slice(0, end).replaceAll("''", "'")
          : this.#unescape(folded.slice(0, end), start);
      }
      let breaks = 0;
      while (this.#lines[this.#index]?.text === '') {
        breaks += 1;
        this.#index += 1;
      }
      const next = this.#lines[this.#index] ?? this.#fail('a quoted text does not end', start);
      this.#index += 1;
      folded = joinLines(folded, next.text, { breaks, isDouble: quote === '"' });
    }
  }

  #unescape(text: string, start: Line): string {
    return unescapeYaml(text) ?? this.#fail('an escape sequence is unknown', start);
  }

  #literal(header: string, indent: number): string {
    const lines: string[] = [];
    let blockIndent: number | undefined;
    for (let line = this.#lines[this.#index]; line !== undefined; line = this.#lines[this.#index]) {
      if (line.text !== '' && line.indent <= indent) break;
      blockIndent ??= line.text === '' ? undefined : line.indent;
      lines.push(
        line.text === '' ? '' : ' '.repeat(Math.max(0, line.indent - (blockIndent ?? 0))) + line.text,
      );
      this.#index += 1;
    }
    const text = lines.join(header.startsWith('|') ? '\n' : ' ').trimEnd();
    return header.includes('-') ? text : `${text}\n`;
  }

  #fail(reason: string, line: Line | undefined): never {
    throw this.#errorOf(reason, line?.offset ?? this.#lines.at(-1)?.offset ?? 0);
  }
}

function quoteEnd(text: string, quote: string): number {
  for (let index = 0; index < text.length; index += 1) {
    if (quote === '"' && text[index] === '\\') index += 1;
    else if (text[index] === quote && (quote === '"' || text[index + 1] !== quote)) return index;
    else if (text[index] === quote) index += 1;
  }
  return -1;
}

function joinLines(
  before: string,
  after: string,
  how: { readonly breaks: number; readonly isDouble: boolean },
): string {
  const isContinued = how.isDouble && /(?:^|[^\\])(?:\\\\)*\\$/.test(before);
  if (isContinued) return before.slice(0, -1) + after;
  return before + (how.breaks === 0 ? ' ' : '\n'.repeat(how.breaks)) + after;
}
