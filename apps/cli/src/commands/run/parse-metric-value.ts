import { CommandError } from '../../failure/command-error.ts';

const named: ReadonlyMap<string, number> = new Map([
  ['nan', Number.NaN],
  ['inf', Number.POSITIVE_INFINITY],
  ['infinity', Number.POSITIVE_INFINITY],
  ['-inf', Number.NEGATIVE_INFINITY],
  ['-infinity', Number.NEGATIVE_INFINITY],
]);

/** Reads a value of a metric: a number, NaN or an infinity, as JavaScript or Python prints it, in any case. */
export function parseMetricValue(name: string, text: string): number {
  const value = named.get(text.toLowerCase()) ?? Number(text);
  if (text.trim() !== '' && (named.has(text.toLowerCase()) || Number.isFinite(value))) return value;
  throw new CommandError({
    code: 'invalid-value',
    message: `The metric ${name} must be a number, NaN, Infinity or -Infinity (got ${JSON.stringify(text)}).`,
    details: { field: name, value: text },
  });
}
