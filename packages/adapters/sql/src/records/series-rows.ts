import { crc32 } from 'node:zlib';
import {
  type GrowingSummary,
  type SeriesPoint,
  type SeriesSummary,
  numberOfRank,
  rankedNumber,
} from '@holdfast/domain';
import { sealed } from '../repositories/sealed.ts';
import { seriesTable } from '../schema/record-tables.ts';

/** What is kept of a series beside its points. */
export interface SeriesRow {
  readonly series: number;
  readonly owner: string;
  readonly key: string;
  readonly count: number;
  /** The position of the next point: how many were ever appended. */
  readonly next_position: number;
  /** Of every point, as {@link hashOfPoints} makes it. */
  readonly points_hash: number;
  readonly last_step: number;
  readonly last_at_ms: number;
  readonly last_rank: number;
  readonly last_value: number;
  readonly least_rank: number;
  readonly least_value: number;
  readonly greatest_rank: number;
  readonly greatest_value: number;
  /** Of the other columns, as `sealed` makes it. */
  readonly checksum: string;
}

/** A point of a series: narrow, and without a checksum of its own. */
export interface PointRow {
  readonly series: number;
  readonly step: number;
  readonly position: number;
  readonly at_ms: number;
  readonly rank: number;
  readonly value: number;
}

/** What tells a series from others, and its points. */
export type SeriesPlace = Pick<SeriesRow, 'series' | 'owner' | 'key' | 'next_position' | 'points_hash'>;

/** The row of a series, with its checksum. */
export function rowOfSeries(kind: string, place: SeriesPlace, summary: GrowingSummary): SeriesRow {
  const { last, least, greatest } = { ...summary, last: summary.last };
  const [lastValue, leastValue, greatestValue] = [last.value, least, greatest].map(rankedNumber);
  return sealed(seriesTable(kind), {
    ...place,
    count: summary.count,
    last_step: last.step,
    last_at_ms: last.atMs,
    last_rank: lastValue?.rank ?? 0,
    last_value: lastValue?.value ?? 0,
    least_rank: leastValue?.rank ?? 0,
    least_value: leastValue?.value ?? 0,
    greatest_rank: greatestValue?.rank ?? 0,
    greatest_value: greatestValue?.value ?? 0,
  });
}

/** A row as a summary. */
export function summaryOfRow(row: SeriesRow): SeriesSummary {
  return {
    key: row.key,
    count: row.count,
    last: {
      step: row.last_step,
      atMs: row.last_at_ms,
      value: numberOfRank({ rank: row.last_rank, value: row.last_value }),
    },
    least: numberOfRank({ rank: row.least_rank, value: row.least_value }),
    greatest: numberOfRank({ rank: row.greatest_rank, value: row.greatest_value }),
  };
}

/** Points as rows, the first at a position. */
export function rowsOfPoints(
  series: number,
  points: readonly SeriesPoint[],
  firstPosition: number,
): readonly PointRow[] {
  return points.map(({ step, atMs, value }, index) => ({
    series,
    step,
    position: firstPosition + index,
    at_ms: atMs,
    ...rankedNumber(value),
  }));
}

/** A row as a point. */
export function pointOfRow(row: PointRow): SeriesPoint {
  return { step: row.step, atMs: row.at_ms, value: numberOfRank(row) };
}

const hashModulus = 2 ** 48;
const hashed = Buffer.alloc(40);

/** A sum over points, which does not depend on their order: for damage, not against those who may write to the database. */
export function hashOfPoints(rows: Iterable<PointRow>, before = 0): number {
  let sum = before;
  for (const { step, position, at_ms, rank, value } of rows) {
    for (const [index, part] of [step, position, at_ms, rank, value].entries())
      hashed.writeDoubleLE(part, index * 8);
    sum = (sum + crc32(hashed)) % hashModulus;
  }
  return sum;
}
