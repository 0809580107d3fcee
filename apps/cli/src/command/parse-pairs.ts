import { CommandError } from '../failure/command-error.ts';

/**
 * Reads `key=value` pairs; the value may hold further `=` and may be empty. A pair may be repeated.
 *
 * @param what What they are called when one is malformed, such as `tag`.
 */
export function parsePairs(
  pairs: readonly string[],
  what: string,
  {
    hint = 'Give it one value.',
  }: { /** What to do where a key has two values. */ readonly hint?: string } = {},
): Readonly<Record<string, string>> {
  const values = new Map<string, string>();
  for (const pair of pairs) {
    const [key, value] = parsePair(pair, what);
    const known = values.get(key);
    if (known !== undefined && known !== value)
      throw new CommandError({
        code: 'invalid-value',
        message: `The ${what} ${key} is given twice: as ${JSON.stringify(known)} and as ${JSON.stringify(value)}.`,
        hint,
        details: { field: what, key, values: [known, value] },
      });
    values.set(key, value);
  }
  return Object.fromEntries(values);
}

function parsePair(pair: string, what: string): readonly [key: string, value: string] {
  const separator = pair.indexOf('=');
  if (separator > 0) return [pair.slice(0, separator), pair.slice(separator + 1)];
  throw new CommandError({
    code: 'invalid-value',
    message: `The ${what} ${JSON.stringify(pair)} is not a pair of key and value.`,
    hint: `Write it as key=value.`,
    details: { field: what, value: pair },
  });
}
