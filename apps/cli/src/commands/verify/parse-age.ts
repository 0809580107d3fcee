import { CommandError } from '../../failure/command-error.ts';

const hourMs = 3_600_000;
const unitsMs: Readonly<Record<string, number>> = { h: hourMs, d: 24 * hourMs, w: 168 * hourMs };

/** Reads an age such as `12h`, `7d` or `4w`, as milliseconds. */
export function parseAge(text: string, what: string): number {
  const [, count, unit = ''] = /^(\d{1,5})([hdw])$/.exec(text) ?? [];
  const unitMs = unitsMs[unit];
  if (count !== undefined && unitMs !== undefined) return Number(count) * unitMs;
  throw new CommandError({
    code: 'invalid-value',
    message: `${what} must be a number of hours, days or weeks (got ${JSON.stringify(text)}).`,
    hint: 'Write it as 12h, 7d or 4w.',
    details: { field: what, value: text },
  });
}
