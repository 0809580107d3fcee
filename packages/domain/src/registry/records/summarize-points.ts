import { InvalidValueError } from '../../invalid-value-error.ts';
import { compareRanked, indexableText, rankedNumber } from './ranked-value.ts';
import type { KeyedPoint, SeriesPoint, SeriesSummary } from './series-collection.ts';

/** A summary that points are added to one after another. */
export type GrowingSummary = Omit<SeriesSummary, 'key'>;

/** The summary of a series after points were appended to it. */
export function summarizePoints(
  before: GrowingSummary | undefined,
  points: Iterable<SeriesPoint>,
): GrowingSummary | undefined {
  let summary = before;
  for (const point of points) {
    const { value } = point;
    summary = {
      count: (summary?.count ?? 0) + 1,
      last: summary === undefined || isNewer(point, summary.last) ? point : summary.last,
      least: better(summary?.least, value, 'ascending'),
      greatest: better(summary?.greatest, value, 'descending'),
    };
  }
  return summary;
}

/**
 * Checks points, and makes both zeros 0.
 *
 * @throws InvalidValueError when a step or time is not a whole number, or a key cannot be indexed.
 */
export function parsePoints(points: readonly KeyedPoint[]): readonly KeyedPoint[] {
  return points.map(({ key, step, atMs, value }) => {
    for (const [field, whole] of [
      ['step', step],
      ['time', atMs],
    ] as const) {
      if (!Number.isSafeInteger(whole))
        throw new InvalidValueError({ field, value: whole, reason: 'is not a whole number' });
    }
    if (typeof value !== 'number')
      throw new InvalidValueError({ field: `value of ${key}`, value, reason: 'is not a number' });
    return { key: indexableText('key', key), step, atMs, value: value === 0 ? 0 : value };
  });
}

function isNewer(point: SeriesPoint, last: SeriesPoint): boolean {
  return point.step === last.step ? point.atMs >= last.atMs : point.step > last.step;
}

function better(known: number | undefined, value: number, direction: 'ascending' | 'descending'): number {
  if (known === undefined || Number.isNaN(known)) return value;
  if (Number.isNaN(value)) return known;
  const order = compareRanked(rankedNumber(value), rankedNumber(known));
  return (direction === 'ascending' ? order < 0 : order > 0) ? value : known;
}
