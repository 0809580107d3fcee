import { CommandError } from '../../failure/command-error.ts';

const named: ReadonlyMap<string, number> = new Map([
  ['nan', Number.NaN],
  ['inf', Number.POSITIVE_INFINITY],
  ['-inf', Number.NEGATIVE_INFINITY],
]);

/** Reads a value of a metric: a number, `nan`, `inf` or `-inf`. */
export function parseMetricValue(name: string, text: string): number {
  const value = named.get(text.toLowerCase()) ?? Number(text);
  if (text.trim() !== '' && (named.has(text.toLowerCase()) || Number.isFinite(value))) return value;
  throw new CommandError({
    code: 'invalid-value',
    message: `The metric ${name} must be a number, nan, inf or -inf (got ${JSON.stringify(text)}).`,
    details: { field: name, value: text },
  });
}

/** Prints a value as {@link parseMetricValue} reads it. */
export function printMetricValue(value: number): string {
  return [...named].find(([, one]) => Object.is(one, value))?.[0] ?? String(value);
}

/** A value for JSON, which has only finite numbers: others are texts as {@link printMetricValue} prints them. */
export function metricDocument(value: number): number | string {
  return Number.isFinite(value) ? value : printMetricValue(value);
}
