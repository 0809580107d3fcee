import type { KeyedPoint, SeriesSummary } from '@holdfast/domain';

/** A value of a metric as it is logged. */
export type LoggedMetric = Omit<KeyedPoint, 'atMs' | 'step'> & {
  readonly atMs?: number | undefined;
  /** @default one more than the highest step of the metric, and 0 for its first value */
  readonly step?: number | undefined;
};

/** Gives a step to each value that is logged without one. */
export function withSteps<Value extends Pick<LoggedMetric, 'key' | 'step'>>(
  values: readonly Value[],
  summaries: readonly SeriesSummary[],
): readonly (Value & { readonly step: number })[] {
  const highest = new Map(summaries.map(({ key, last }) => [key, last.step]));
  return values.map((value) => {
    const before = highest.get(value.key);
    const step = value.step ?? (before === undefined ? 0 : before + 1);
    highest.set(value.key, Math.max(step, before ?? step));
    return { ...value, step };
  });
}
