import { CommandError } from '../failure/command-error.ts';

/** Reads a whole number from `least` up. */
export function parseCount(text: string, options: { readonly what: string; readonly least: number }): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= options.least) return value;
  throw new CommandError({
    code: 'invalid-value',
    message: `${options.what} must be a whole number from ${options.least} up (got ${JSON.stringify(text)}).`,
    details: { field: options.what, value: text },
  });
}
