import { InvalidValueError } from '../invalid-value-error.ts';

declare const brand: unique symbol;

/**
 * The name of an object in a store: 1 to 512 bytes of UTF-8 in at most 100 segments separated by `/`,
 * none of them empty, `.` or `..`; valid Unicode without control characters.
 */
export type ObjectKey = string & { readonly [brand]: 'ObjectKey' };

/** Longest key, in bytes of UTF-8. */
export const maximumKeyBytes = 512;

/** Most bytes that one UTF-16 unit takes in UTF-8. */
const longestUtf8Unit = 3;

/** Most segments in a key. */
export const maximumKeySegments = 100;

/**
 * Parses an object key.
 *
 * @throws InvalidValueError naming the rule that the text breaks.
 */
export function parseObjectKey(text: string, field = 'key'): ObjectKey {
  const reason = whyNotObjectKey(text);
  if (reason !== undefined) throw new InvalidValueError({ field, value: text, reason });
  return text as ObjectKey;
}

/** The rule that a text breaks as an object key, or `undefined` when it is one. */
export function whyNotObjectKey(text: string): string | undefined {
  if (text.length === 0) return 'is empty';
  const characters = whyNotKeyCharacters(text);
  if (characters !== undefined) return characters;
  if (/(?:^|\/)(?:\/|$)/.test(text)) return 'has an empty segment';
  if (/(?:^|\/)\.\.?(?:\/|$)/.test(text)) return 'has a "." or ".." segment';
  const canHaveTooMany = text.length > maximumKeySegments;
  if (canHaveTooMany && text.split('/').length > maximumKeySegments) {
    return `has more than ${maximumKeySegments} segments`;
  }
  return undefined;
}

/**
 * The rule that a text breaks as the beginning of keys, or `undefined` when keys can begin with it.
 * A prefix may be empty and may end inside a segment.
 */
export function whyNotKeyPrefix(text: string): string | undefined {
  return whyNotKeyCharacters(text);
}

/** Compares two keys by their UTF-8 bytes, the order of every sorted listing. */
export function compareKeys(left: string, right: string): number {
  const shorter = Math.min(left.length, right.length);
  for (let index = 0; index < shorter; index++) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a !== b) return bytewiseRank(a) - bytewiseRank(b);
  }
  return left.length - right.length;
}

/** How many bytes a text takes in UTF-8; a lone surrogate counts as three. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const codePoint = character.codePointAt(0) as number;
    bytes += codePoint < 0x80 ? 1 : codePoint < 0x8_00 ? 2 : codePoint < 0x1_00_00 ? 3 : 4;
  }
  return bytes;
}

function whyNotKeyCharacters(text: string): string | undefined {
  if (!text.isWellFormed()) return 'is not valid Unicode';
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f-\u009f]/.test(text)) return 'has a control character';
  const canBeTooLong = text.length * longestUtf8Unit > maximumKeyBytes;
  if (canBeTooLong && utf8Length(text) > maximumKeyBytes)
    return `is longer than ${maximumKeyBytes} bytes of UTF-8`;
  return undefined;
}

/** Surrogates stand for code points above every other UTF-16 unit, as their UTF-8 bytes do. */
function bytewiseRank(unit: number): number {
  return unit >= 0xd8_00 && unit <= 0xdf_ff ? unit + 0x1_00_00 : unit;
}
