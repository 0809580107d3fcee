import {
  type BestQuery,
  type Entity,
  type KeyedPoint,
  type Page,
  Rank,
  type RankedOwner,
  type SeriesCollection,
  type SeriesDescriptor,
  type SeriesPoint,
  type SeriesQuery,
  type SeriesSummary,
  compareKeys,
  compareRanked,
  parsePoints,
  rankedConditions,
  rankedNumber,
  summarizePoints,
} from '@holdfast/domain';
import { meetsAll } from './memory-record-collection.ts';
import type { MemorySession } from './memory-session.ts';
import type { MemorySeries, MemoryTables, PositionedPoint } from './memory-tables.ts';
import { pageOf } from './page-of.ts';
import { registryErrors } from './registry-errors.ts';

/** Series of a kind in memory. */
export class MemorySeriesCollection<
  T extends Entity,
  Field extends string,
> implements SeriesCollection<Field> {
  readonly #session: MemorySession;
  readonly #descriptor: SeriesDescriptor<T, Field>;

  constructor(session: MemorySession, descriptor: SeriesDescriptor<T, Field>) {
    this.#session = session;
    this.#descriptor = descriptor;
  }

  append(owner: string, points: readonly KeyedPoint[]): Promise<void> {
    const operation = this.#named('append');
    return this.#session.write(operation, (tables) => {
      const byKey = Map.groupBy(parsePoints(points), ({ key }) => key);
      if (!tables.records.of(this.#descriptor.owner.kind).has(owner))
        throw registryErrors.missing(operation, `${this.#descriptor.owner.noun} ${owner}`);
      const series = new Map(this.#seriesOf(tables, owner));
      for (const [key, added] of byKey) series.set(key, grown(series.get(key), added));
      tables.series.of(this.#descriptor.kind).set(owner, series);
    });
  }

  read(owner: string, key: string, query: SeriesQuery = {}): Promise<Page<SeriesPoint>> {
    const operation = this.#named('read');
    const { from = -Infinity, to = Infinity, direction = 'ascending', limit, after } = query;
    return this.#session.read(operation, (tables) => {
      const ordered = orderedPoints(this.#seriesOf(tables, owner).get(key));
      const asked = ordered.filter(({ point: { step } }) => step >= from && step <= to);
      const page = pageOf(asked, {
        operation,
        limit,
        after,
        orderName: `step,position ${direction}`,
        descending: direction === 'descending',
        valuesOf: ({ point: { step }, position }) => [step, position],
      });
      return { ...page, items: page.items.map(({ point }) => point) };
    });
  }

  summarize(owner: string): Promise<readonly SeriesSummary[]> {
    return this.#session.read(this.#named('summarize'), (tables) =>
      Array.from(this.#seriesOf(tables, owner), ([key, { summary }]) => ({ key, ...summary })).toSorted(
        (a, b) => compareKeys(a.key, b.key),
      ),
    );
  }

  findBest(key: string, query: BestQuery<Field>): Promise<readonly RankedOwner[]> {
    const { of, direction, limit, filter } = query;
    const sign = direction === 'ascending' ? 1 : -1;
    return this.#session.read(this.#named('findBest'), (tables) => {
      const { owner: descriptor, kind } = this.#descriptor;
      const conditions = rankedConditions(descriptor, filter);
      const ranked = Array.from(tables.series.of(kind).keys()).flatMap((owner) => {
        const summary = this.#seriesOf(tables, owner).get(key)?.summary;
        const record = tables.records.of(descriptor.kind).get(owner) as T | undefined;
        if (summary === undefined || record === undefined || !meetsAll(descriptor, record, conditions))
          return [];
        const value = of === 'last' ? summary.last.value : summary[of];
        return rankedNumber(value).rank === Rank.NaN ? [] : [{ owner, value }];
      });
      const order = (a: RankedOwner, b: RankedOwner): number =>
        sign * compareRanked(rankedNumber(a.value), rankedNumber(b.value)) || compareKeys(a.owner, b.owner);
      return ranked.toSorted(order).slice(0, limit);
    });
  }

  prune(
    owner: string,
    { before, key: only }: { readonly before: number; readonly key?: string | undefined },
  ): Promise<number> {
    return this.#session.write(this.#named('prune'), (tables) => {
      let count = 0;
      const kept = new Map<string, MemorySeries>();
      for (const [key, series] of this.#seriesOf(tables, owner)) {
        const pruned = only === undefined || only === key ? withoutSteps(series, before) : series;
        count += series.summary.count - (pruned?.summary.count ?? 0);
        if (pruned !== undefined) kept.set(key, pruned);
      }
      tables.series.of(this.#descriptor.kind).set(owner, kept);
      return count;
    });
  }

  #named(operation: string): string {
    return `${this.#descriptor.kind}.${operation}`;
  }

  #seriesOf(tables: MemoryTables, owner: string): ReadonlyMap<string, MemorySeries> {
    return tables.series.of(this.#descriptor.kind).get(owner) ?? new Map();
  }
}

/** Points by step; those of a step in the order in which they were appended. */
export function orderedPoints(series: MemorySeries | undefined): readonly PositionedPoint[] {
  const points = (series?.batches ?? []).flat();
  return points.toSorted((a, b) => a.point.step - b.point.step || a.position - b.position);
}

/** A series with points added. */
export function grown(series: MemorySeries | undefined, added: readonly KeyedPoint[]): MemorySeries {
  const points = added.map(({ step, atMs, value }) => Object.freeze({ step, atMs, value }));
  const first = series?.next ?? 0;
  const batch = points.map((point, index) => ({ point, position: first + index }));
  const summary = summarizePoints(series?.summary, points) as MemorySeries['summary'];
  return { batches: [...(series?.batches ?? []), batch], next: first + batch.length, summary };
}

function withoutSteps({ batches, next }: MemorySeries, before: number): MemorySeries | undefined {
  const kept = batches.flat().filter(({ point }) => point.step >= before);
  const summary = summarizePoints(
    undefined,
    kept.map(({ point }) => point),
  );
  return summary === undefined ? undefined : { batches: [kept], next, summary };
}
