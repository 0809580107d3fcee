import type { UtcTimestamp } from '@holdfast/domain';

/** A moment for people: date, hour and minute in UTC, as `2026-11-21 08:50Z`. */
export function printTime(timestamp: UtcTimestamp): string {
  return `${timestamp.slice(0, 10)} ${timestamp.slice(11, 16)}Z`;
}
