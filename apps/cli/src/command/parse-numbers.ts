import { CommandError } from '../failure/command-error.ts';

/** Reads the values of metrics as numbers; whether they make sense is for the domain to say. */
export function parseMetrics(pairs: Readonly<Record<string, string>>): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(pairs).map(([name, text]) => {
      const value = text.trim() === '' ? Number.NaN : Number(text);
      if (!Number.isNaN(value)) return [name, value];
      throw new CommandError({
        code: 'invalid-value',
        message: `The metric ${name} must be a number (got ${JSON.stringify(text)}).`,
        hint: 'Write it as accuracy=0.97.',
        details: { field: 'metric', value: text },
      });
    }),
  );
}
