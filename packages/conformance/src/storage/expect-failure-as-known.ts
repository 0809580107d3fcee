import { AssertionError } from 'node:assert';
import type { FailingQuirk } from './storage-harness.ts';

/** Runs what is known to fail: it has to, and for the reason that is known. */
export async function expectFailureAsKnown(run: () => Promise<void>, quirk: FailingQuirk): Promise<void> {
  const failure = await run().then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  if (failure === undefined)
    throw new AssertionError({ message: `The case passes, so remove its quirk: ${quirk.reason}` });
  const text = printFailure(failure.error);
  if (quirk.shows.test(text)) return;
  const message = `The case is known to fail because ${quirk.reason}, which shows as ${String(quirk.shows)}. It failed otherwise: ${text}`;
  throw new AssertionError({ message, actual: failure.error });
}

/** What a failed assertion compared is part of what it says. */
function printFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message, cause, actual, expected } = error as Error & { actual?: unknown; expected?: unknown };
  const compared =
    'actual' in error || 'expected' in error
      ? `\nactual: ${printValue(actual)}\nexpected: ${printValue(expected)}`
      : '';
  return `${message}${compared}${cause === undefined ? '' : `\n${printFailure(cause)}`}`;
}

function printValue(value: unknown): string {
  return value instanceof Error
    ? printFailure(value)
    : (JSON.stringify(value, (_name, held: unknown) => (typeof held === 'bigint' ? String(held) : held)) ??
        String(value));
}
