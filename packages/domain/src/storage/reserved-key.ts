import { InvalidValueError } from '../invalid-value-error.ts';
import { type ObjectKey, parseObjectKey } from './object-key.ts';

/** Objects that belong to the store itself, each with everything below it. */
const reservedNames = [
  'registry-claim.json',
  'registry',
  'versions',
  'key-ring',
  'uploads',
  'caches',
] as const;

/**
 * Whether a key belongs to the store itself: to its registry, its keys, its uploads or its caches. Such objects are
 * never written by a user's save, copy or move, and never mirrored as bytes.
 */
export function isReservedKey(key: string): boolean {
  return reservedNames.some((name) => key === name || key.startsWith(`${name}/`));
}

/**
 * Parses the key of an object of the user's own.
 *
 * @throws InvalidValueError naming the rule that the text breaks, or that the key is reserved.
 */
export function parseUserKey(text: string, field = 'key'): ObjectKey {
  const key = parseObjectKey(text, field);
  if (!isReservedKey(key)) return key;
  throw new InvalidValueError({
    field,
    value: text,
    reason: 'is reserved for the store itself',
    hint: `Choose a key that does not begin with ${reservedNames.join(', ')}.`,
  });
}
