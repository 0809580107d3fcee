import { InvalidValueError } from '@holdfast/domain';
import { whatIs } from '../what-is.ts';
import { checkText } from './check-value.ts';

/**
 * The names and values of an object that a writer was given.
 *
 * @param field What it is, for errors.
 * @throws InvalidValueError for anything but a plain object, also for a `Map` or an array, whose entries would be lost.
 */
export function entriesOf<T>(record: { readonly [name: string]: T }, field: string): [string, T][] {
  const given: unknown = record;
  const prototype: unknown = typeof given === 'object' && given !== null && Object.getPrototypeOf(given);
  if (prototype === null || (prototype !== false && Object.getPrototypeOf(prototype) === null))
    return Object.entries(record);
  throw new InvalidValueError({
    field,
    value: whatIs(given),
    reason: 'must be a plain object of names and values',
  });
}

/**
 * The names and values that a writer was given to go through, each name once.
 *
 * @throws InvalidValueError for what cannot be gone through, what is no pair, and a name that is no text or given twice.
 */
export async function* pairsOf<T>(
  pairs: AsyncIterable<readonly [string, T]> | Iterable<readonly [string, T]>,
  field: string,
): AsyncGenerator<readonly [string, T]> {
  const refuse = (at: string, value: unknown, reason: string): never => {
    throw new InvalidValueError({ field: at, value: whatIs(value), reason });
  };
  const isIterable =
    typeof pairs === 'object' &&
    pairs !== null &&
    (Symbol.asyncIterator in pairs || Symbol.iterator in pairs);
  if (!isIterable) refuse(field, pairs, 'must be an iterable of pairs of name and value');
  const names = new Set<string>();
  for await (const pair of pairs) {
    if (!Array.isArray(pair)) refuse(field, pair, 'must give pairs of name and value');
    const [name] = pair;
    checkText(name, 'name');
    if (names.has(name)) refuse('name', name, 'is given twice');
    names.add(name);
    yield pair;
  }
}
