import { CommandError } from '../failure/command-error.ts';

/**
 * Reads the values of pairs as numbers; whether they make sense is for the domain to say.
 *
 * @param options.what What they are called when one is not a number, such as `metric`.
 */
export function parseNumbers(
  pairs: Readonly<Record<string, string>>,
  { what, example }: { readonly what: string; readonly example: string },
): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(pairs).map(([name, text]) => {
      const value = text.trim() === '' ? Number.NaN : Number(text);
      if (!Number.isNaN(value)) return [name, value];
      throw new CommandError({
        code: 'invalid-value',
        message: `The ${what} ${name} must be a number (got ${JSON.stringify(text)}).`,
        hint: `Write it as ${example}.`,
        details: { field: what, value: text },
      });
    }),
  );
}
