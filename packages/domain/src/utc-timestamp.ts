import { InvalidValueError } from './invalid-value-error.ts';

/** A moment in UTC, as `2026-11-21T08:50:00.000Z`. */
export type UtcTimestamp = string;

/** Prints a moment, given in milliseconds since 1970, as a {@link UtcTimestamp}. */
export function utcTimestamp(epochMs: number): UtcTimestamp {
  return new Date(epochMs).toISOString();
}

/** Reads a {@link UtcTimestamp} as milliseconds since 1970. */
export function epochMsOf(timestamp: UtcTimestamp): number {
  const epochMs = Date.parse(timestamp);
  if (Number.isNaN(epochMs)) {
    throw new InvalidValueError({
      field: 'timestamp',
      value: timestamp,
      reason: 'is not a time in ISO 8601',
    });
  }
  return epochMs;
}
