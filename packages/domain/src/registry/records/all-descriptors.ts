import { InvalidValueError } from '../../invalid-value-error.ts';
import { experiments } from '../experiment.ts';
import { runMetrics, trainingRuns } from '../training-run.ts';
import type { AnyRecordDescriptor } from './record-descriptor.ts';
import type { AnySeriesDescriptor } from './series-collection.ts';

/** Every kind of record, sorted by kind: what archives, backups, checks and collections go through. */
export const recordDescriptors: readonly AnyRecordDescriptor[] = [experiments, trainingRuns];

/** Every kind of series, sorted by kind. */
export const seriesDescriptors: readonly AnySeriesDescriptor[] = [runMetrics];

/**
 * The descriptor of a kind of record.
 *
 * @throws InvalidValueError when this program does not know it.
 */
export function recordDescriptor(kind: unknown): AnyRecordDescriptor {
  return ofKind(recordDescriptors, kind);
}

/**
 * The descriptor of a kind of series.
 *
 * @throws InvalidValueError when this program does not know it.
 */
export function seriesDescriptor(kind: unknown): AnySeriesDescriptor {
  return ofKind(seriesDescriptors, kind);
}

function ofKind<D extends { readonly kind: string }>(descriptors: readonly D[], kind: unknown): D {
  const found = descriptors.find((one) => one.kind === kind);
  if (found !== undefined) return found;
  const known = descriptors.map((one) => one.kind).join(', ');
  throw new InvalidValueError({ field: 'kind', value: kind, reason: `must be one of ${known}` });
}
