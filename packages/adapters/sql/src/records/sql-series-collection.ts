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
  numberOfRank,
  parsePoints,
} from '@holdfast/domain';
import { type Kysely, sql } from 'kysely';
import { registryErrors } from '../registry-errors.ts';
import { readPage } from '../repositories/read-page.ts';
import { pointsTable, recordTable, seriesTable } from '../schema/record-tables.ts';
import type { RegistrySchema } from '../schema/registry-schema.ts';
import type { SqlSession } from '../session/sql-session.ts';
import { appendPoints } from './append-points.ts';
import { prunePoints } from './prune-points.ts';
import { recordConditions } from './record-conditions.ts';
import { type PointRow, type SeriesRow, pointOfRow, summaryOfRow } from './series-rows.ts';

/** Series of a kind in an SQL database: a narrow table of points, and a row for each series with what is known of it. */
export class SqlSeriesCollection<T extends Entity, Field extends string> implements SeriesCollection<Field> {
  readonly #session: SqlSession;
  readonly #descriptor: SeriesDescriptor<T, Field>;

  constructor(session: SqlSession, descriptor: SeriesDescriptor<T, Field>) {
    this.#session = session;
    this.#descriptor = descriptor;
  }

  async append(owner: string, points: readonly KeyedPoint[]): Promise<void> {
    const operation = this.#named('append');
    const { kind, owner: descriptor } = this.#descriptor;
    const byKey = Map.groupBy(parsePoints(points), ({ key }) => key);
    return this.#session.write(operation, async (database) => {
      const record = await database
        .selectFrom(sql.table<{ id: string }>(recordTable(descriptor.kind)).as('record'))
        .select('id')
        .where('id', '=', owner)
        .executeTakeFirst();
      if (record === undefined) throw registryErrors.missing(operation, `${descriptor.noun} ${owner}`);
      await appendPoints(database, { kind, owner, byKey });
    });
  }

  read(owner: string, key: string, query: SeriesQuery = {}): Promise<Page<SeriesPoint>> {
    const operation = this.#named('read');
    const { from, to, direction = 'ascending', limit, after } = query;
    return this.#session.read(operation, (database) => {
      let points = database
        .selectFrom(sql.table<PointRow>(pointsTable(this.#descriptor.kind)).as('point'))
        .selectAll()
        .where('series', '=', (series) =>
          series
            .selectFrom(sql.table<SeriesRow>(seriesTable(this.#descriptor.kind)).as('series'))
            .select('series.series')
            .where('series.owner', '=', owner)
            .where('series.key', '=', key),
        );
      if (from !== undefined) points = points.where('step', '>=', from);
      if (to !== undefined) points = points.where('step', '<=', to);
      return readPage(points, {
        operation,
        limit,
        after,
        order: { columns: ['step', 'position'], direction },
        valuesOf: ({ step, position }) => [step, position],
        itemOf: pointOfRow,
      });
    });
  }

  summarize(owner: string): Promise<readonly SeriesSummary[]> {
    return this.#session.read(this.#named('summarize'), async (database) => {
      const rows = await this.#series(database)
        .selectAll()
        .where('owner', '=', owner)
        .orderBy('key')
        .execute();
      return rows.map(summaryOfRow);
    });
  }

  findBest(key: string, query: BestQuery<Field>): Promise<readonly RankedOwner[]> {
    const { of, direction, limit, filter } = query;
    const { owner } = this.#descriptor;
    const order = direction === 'ascending' ? 'asc' : 'desc';
    const [rank, value] = [`${of}_rank`, `${of}_value`] as const;
    return this.#session.read(this.#named('findBest'), async (database) => {
      const rows = await this.#series(database)
        .innerJoin(
          sql.table<{ id: string }>(recordTable(owner.kind)).as('record'),
          'record.id',
          'series.owner',
        )
        .select(['series.owner', `series.${rank} as rank`, `series.${value} as value`])
        .where('series.key', '=', key)
        .where(`series.${rank}`, '<', Rank.NaN)
        .where(recordConditions(owner, filter))
        .orderBy(`series.${rank}`, order)
        .orderBy(`series.${value}`, order)
        .orderBy('series.owner')
        .limit(limit)
        .execute();
      return rows.map((row) => ({ owner: row.owner, value: numberOfRank(row) }));
    });
  }

  prune(
    owner: string,
    options: { readonly before: number; readonly key?: string | undefined },
  ): Promise<number> {
    const { kind } = this.#descriptor;
    return this.#session.write(this.#named('prune'), (database) =>
      prunePoints(database, { ...options, kind, owner }),
    );
  }

  #named(operation: string): string {
    return `${this.#descriptor.kind}.${operation}`;
  }

  #series(database: Kysely<RegistrySchema>) {
    return database.selectFrom(sql.table<SeriesRow>(seriesTable(this.#descriptor.kind)).as('series'));
  }
}
