import { type ObjectKey, utf8Length, whyNotObjectKey } from '@holdfast/domain';
import { type OperationContext, StorageError } from '@holdfast/ports';

/** How keys become names in a backend. */
export interface KeySpellingOptions {
  /** Stands before every name; ends with `/` to be a folder. @default '' */
  readonly prefix?: string | undefined;
  /** Characters that the backend cannot spell; one character a match. They and `%` become `%XX` of UTF-8. */
  readonly unspeakable?: RegExp | undefined;
  /** Whether no segment of a name can end with a dot: `%` then stands behind it, which no escape does. @default false */
  readonly guardsFinalDots?: boolean | undefined;
  /**
   * First characters before which `%` is put, `%` among them, where the prefix is empty: for backends that take no names of a certain beginning. An unbroken
   * run of the code points from `%` on keeps the order of the names that of the keys.
   */
  readonly guardedFirst?: RegExp | undefined;
  /** Longest name that the backend takes, in bytes. */
  readonly maximumBytes: number;
}

/**
 * The mapping between keys and a backend's names: one to one, and back. Where nothing is unspeakable, a name is
 * the prefix and the key.
 */
export class KeySpelling {
  readonly #prefix: string;
  readonly #escaped: RegExp | undefined;
  readonly #guardsFinalDots: boolean;
  readonly #guarded: RegExp | undefined;
  readonly #maximumBytes: number;

  constructor(options: KeySpellingOptions) {
    const { prefix = '', unspeakable, guardsFinalDots = false, guardedFirst, maximumBytes } = options;
    this.#prefix = prefix;
    this.#maximumBytes = maximumBytes;
    this.#guardsFinalDots = guardsFinalDots;
    this.#guarded =
      prefix === '' && guardedFirst !== undefined ? new RegExp(`^${guardedFirst.source}`, 'u') : undefined;
    const isPlain = unspeakable === undefined && !guardsFinalDots;
    this.#escaped = isPlain ? undefined : new RegExp(`%|${unspeakable?.source ?? '%'}`, 'gu');
  }

  /** The name of a key. @throws StorageError `invalid-key` when it is longer than the backend takes. */
  nameOf(key: ObjectKey, context: OperationContext): string {
    const name = this.#wholeOf(key);
    const bytes = utf8Length(name);
    if (bytes <= this.#maximumBytes) return name;
    throw new StorageError({
      ...context,
      code: 'invalid-key',
      key,
      message: `The key ${JSON.stringify(key)} takes ${bytes} bytes with the store's prefix and escapes; ${context.backend} takes ${this.#maximumBytes}.`,
      hint: 'Shorten the key or the prefix of the store.',
    });
  }

  /** The beginning of the names of keys that begin with a text. */
  beginningOf(text: string): string {
    return this.#prefix + (this.#guarded?.test(text) === true ? guard : '') + this.partOf(text);
  }

  /** How a text is spelled inside of a name. */
  partOf(text: string): string {
    const pattern = this.#escaped;
    const escaped = pattern === undefined ? text : text.replaceAll(pattern, (match) => escapeOf(match));
    return this.#guardsFinalDots ? escaped.replaceAll('./', '.%/') : escaped;
  }

  /** The key of a name, or `undefined` when none is spelled so: somebody else's object. */
  keyOf(name: string): ObjectKey | undefined {
    const text = this.#decode(name);
    const isKey = text !== undefined && whyNotObjectKey(text) === undefined && this.#wholeOf(text) === name;
    return isKey ? (text as ObjectKey) : undefined;
  }

  /** The text of which a folded beginning of names is the spelling. */
  textOf(name: string): string | undefined {
    const text = this.#decode(name);
    return text !== undefined && this.beginningOf(text) === name ? text : undefined;
  }

  #wholeOf(text: string): string {
    const name = this.beginningOf(text);
    return this.#guardsFinalDots && name.endsWith('.') ? `${name}%` : name;
  }

  #decode(name: string): string | undefined {
    if (!name.startsWith(this.#prefix)) return undefined;
    const bare = name.slice(this.#prefix.length);
    const isGuarded = this.#guarded?.test(bare) === true;
    if (isGuarded && !bare.startsWith(guard)) return undefined;
    const rest = isGuarded ? bare.slice(guard.length) : bare;
    if (this.#escaped === undefined) return rest;
    const unguarded = this.#guardsFinalDots ? rest.replaceAll(/\.%(?=\/|$)/g, '.') : rest;
    try {
      return decodeURIComponent(unguarded);
    } catch {
      return undefined;
    }
  }
}

const guard = '%';

function escapeOf(text: string): string {
  const bytes = Buffer.from(text);
  return Array.from(bytes, (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}
