import { type ObjectKey, utf8Length, whyNotObjectKey } from '@holdfast/domain';
import { type OperationContext, StorageError } from '@holdfast/ports';

/** How keys become names in a backend. */
export interface KeySpellingOptions {
  /** Stands before every name; ends with `/` to be a folder. @default '' */
  readonly prefix?: string;
  /** Characters that the backend cannot spell; one character a match. They and `%` become `%XX` of UTF-8. */
  readonly unspeakable?: RegExp;
  /**
   * First characters before which `%` is put, `%` among them, where the prefix is empty: for backends that take no names of a certain beginning. An unbroken
   * run of the code points from `%` on keeps the order of the names that of the keys.
   */
  readonly guardedFirst?: RegExp;
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
  readonly #guarded: RegExp | undefined;
  readonly #maximumBytes: number;

  constructor({ prefix = '', unspeakable, guardedFirst, maximumBytes }: KeySpellingOptions) {
    this.#prefix = prefix;
    this.#maximumBytes = maximumBytes;
    this.#guarded =
      prefix === '' && guardedFirst !== undefined ? new RegExp(`^${guardedFirst.source}`, 'u') : undefined;
    this.#escaped = unspeakable === undefined ? undefined : new RegExp(`%|${unspeakable.source}`, 'gu');
  }

  /** The name of a key. @throws StorageError `invalid-key` when it is longer than the backend takes. */
  nameOf(key: ObjectKey, context: OperationContext): string {
    const name = this.beginningOf(key);
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
    return pattern === undefined ? text : text.replaceAll(pattern, (match) => escapeOf(match));
  }

  /** The key of a name, or `undefined` when none is spelled so: somebody else's object. */
  keyOf(name: string): ObjectKey | undefined {
    const text = this.textOf(name);
    return text === undefined || whyNotObjectKey(text) !== undefined ? undefined : (text as ObjectKey);
  }

  /** The text of which a name, or a folded beginning of names, is the spelling. */
  textOf(name: string): string | undefined {
    if (!name.startsWith(this.#prefix)) return undefined;
    const bare = name.slice(this.#prefix.length);
    const isGuarded = this.#guarded?.test(bare) === true;
    if (isGuarded && !bare.startsWith(guard)) return undefined;
    const rest = isGuarded ? bare.slice(guard.length) : bare;
    if (this.#escaped === undefined) return this.beginningOf(rest) === name ? rest : undefined;
    try {
      const text = decodeURIComponent(rest);
      return this.beginningOf(text) === name ? text : undefined;
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
