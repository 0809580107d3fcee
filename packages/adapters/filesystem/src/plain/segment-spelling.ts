import { type NameRules, isSpellable, longestNameBytes } from '@holdfast/files';
import { ownerOfTemporary } from './temporary-file-name.ts';

/** Begins the last, or only, name of an escaped segment. */
const lastMark = '%=';
/** Begins the folders before it, where an escaped segment is longer than a name may be. */
const partMark = '%+';

const escaped = /^(?:[a-z0-9_-]|%[0-9a-f]{2})+$/;
const longestEscape = '%00'.length;

/**
 * Spells the segments of keys as names of files, and reads them back.
 *
 * A segment is its own name wherever the file system can have it. Where not, or where the name has a meaning here,
 * its bytes are escaped: `CON` is `%=%43%4f%4e` on Windows. Escapes longer than a name may be are folders in folders.
 * No two segments have one spelling, and every spelling is read back as its segment.
 */
export class SegmentSpelling {
  readonly #rules: NameRules;

  constructor(rules: NameRules) {
    this.#rules = rules;
  }

  /** The names of a segment: a file's or folder's, after those of the folders that hold only a part of it. */
  spell(segment: string): readonly string[] {
    return this.#isEscaped(segment) ? escape(segment) : [segment];
  }

  /** Reads a name, after those of the folders that hold the parts before it; `undefined` when nothing is spelled so. */
  read(name: string, parts: readonly string[] = []): string | undefined {
    if (parts.length === 0) return this.#readEscape([name]) ?? (isReserved(name) ? undefined : name);
    return this.#readEscape([...parts, name]);
  }

  /** Whether a folder of this name holds only a part of a segment. */
  isPart(name: string): boolean {
    return isPart(name);
  }

  #isEscaped(segment: string): boolean {
    return (
      !isSpellable(segment, this.#rules) || isReserved(segment) || this.#readEscape([segment]) !== undefined
    );
  }

  #readEscape(names: readonly string[]): string | undefined {
    const segment = unescape(names);
    if (segment === undefined || !this.#isEscaped(segment)) return undefined;
    const spelling = escape(segment);
    return spelling.length === names.length && spelling.every((name, index) => name === names[index])
      ? segment
      : undefined;
  }
}

function isReserved(name: string): boolean {
  return isPart(name) || ownerOfTemporary(name) !== undefined;
}

function isPart(name: string): boolean {
  const isFull = name.length > longestNameBytes - longestEscape && name.length <= longestNameBytes;
  return isFull && name.startsWith(partMark) && escaped.test(name.slice(partMark.length));
}

function escape(segment: string): readonly string[] {
  const names: string[] = [];
  let name: string = partMark;
  for (const byte of Buffer.from(segment)) {
    const character = String.fromCharCode(byte);
    const token = /[a-z0-9_-]/.test(character) ? character : `%${byte.toString(16).padStart(2, '0')}`;
    if (name.length + token.length > longestNameBytes) {
      names.push(name);
      name = partMark;
    }
    name += token;
  }
  return [...names, lastMark + name.slice(partMark.length)];
}

function unescape(names: readonly string[]): string | undefined {
  const bytes: number[] = [];
  for (const [index, name] of names.entries()) {
    const mark = index === names.length - 1 ? lastMark : partMark;
    const body = name.slice(mark.length);
    if (!name.startsWith(mark) || !escaped.test(body)) return undefined;
    for (const token of body.match(/%..|./g) ?? [])
      bytes.push(token.length === 1 ? token.charCodeAt(0) : Number.parseInt(token.slice(1), 16));
  }
  return textOf(Buffer.from(bytes));
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text that bytes are in UTF-8, if they are. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}
