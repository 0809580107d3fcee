import { InvalidValueError } from '@holdfast/domain';
import { expect } from 'vitest';

/** A function that is called with what its types forbid. */
export type Loose = (...given: readonly unknown[]) => unknown;

/** Everything that the result gives, so that generators begin. */
async function all(result: unknown): Promise<void> {
  const settled = await result;
  if (typeof settled === 'object' && settled !== null && Symbol.asyncIterator in settled)
    for await (const piece of settled as AsyncIterable<unknown>) expect(piece).toBeDefined();
}

/** The message of the `InvalidValueError` that a call is refused with, and its hint; anything else fails the test. */
export async function wrongArgumentOf(action: () => unknown): Promise<string> {
  const error = await (async () => all(await action()))().then(
    () => 'accepted',
    (refusal: unknown) => refusal,
  );
  if (!InvalidValueError.isInstance(error)) throw error instanceof Error ? error : new Error(String(error));
  return error.hint === undefined ? error.message : `${error.message} → ${error.hint}`;
}
