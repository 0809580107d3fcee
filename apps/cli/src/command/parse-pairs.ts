import { CommandError } from '../failure/command-error.ts';

/**
 * Reads `key=value` pairs; the value may hold further `=` and may be empty.
 *
 * @param what What they are called when one is malformed, such as `tag`.
 */
export function parsePairs(pairs: readonly string[], what: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const separator = pair.indexOf('=');
      if (separator > 0) return [pair.slice(0, separator), pair.slice(separator + 1)];
      throw new CommandError({
        code: 'invalid-value',
        message: `The ${what} ${JSON.stringify(pair)} is not a pair of key and value.`,
        hint: `Write it as key=value.`,
        details: { field: what, value: pair },
      });
    }),
  );
}
