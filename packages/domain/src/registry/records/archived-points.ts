import type { ArchivedPoint, RegistryRecord } from '../registry-archive.ts';
import { decodeValue, encodeValue } from './record-document.ts';
import type { KeyedPoint, SeriesPoint } from './series-collection.ts';
import { parsePoints } from './summarize-points.ts';

/** A point in the form in which archives keep it. */
export function archivedPoint({ step, atMs, value }: SeriesPoint): ArchivedPoint {
  return [step, atMs, encodeValue(value)];
}

/**
 * The points of an archived record.
 *
 * @throws InvalidValueError when one cannot be.
 */
export function unarchivedPoints({
  key,
  points,
}: Pick<Extract<RegistryRecord, { readonly kind: 'series' }>, 'key' | 'points'>): readonly KeyedPoint[] {
  return parsePoints(
    points.map(([step, atMs, value]) => ({ key, step, atMs, value: decodeValue(value) as number })),
  );
}
