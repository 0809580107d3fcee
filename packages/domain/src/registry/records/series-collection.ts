import type { Entity } from '../model.ts';
import type { Page } from '../repository.ts';
import type { RecordDescriptor } from './record-descriptor.ts';
import type { RecordFilter } from './record-filter.ts';

/** What a collection of series knows of them. */
export interface SeriesDescriptor<T extends Entity, Field extends string = string> {
  /** Stored, as `run_metric`; it never changes. */
  readonly kind: string;
  /** What people call one. */
  readonly noun: string;
  /** The records that series belong to: they go with their record. */
  readonly owner: RecordDescriptor<T, Field>;
}

/** A descriptor of any series. */
export type AnySeriesDescriptor = SeriesDescriptor<Entity>;

/** A point of a series. */
export interface SeriesPoint {
  /** A whole number, as of training steps. */
  readonly step: number;
  /** Milliseconds since 1970. */
  readonly atMs: number;
  /** Any double; −0 is 0. */
  readonly value: number;
}

/** A point with the name of its series. */
export interface KeyedPoint extends SeriesPoint {
  readonly key: string;
}

/** What is known of a series without reading it. It is always that of the points that are stored. */
export interface SeriesSummary {
  readonly key: string;
  readonly count: number;
  /** The point of the greatest step; of several the latest, and of those the one appended last. */
  readonly last: SeriesPoint;
  /** NaN where every point is. */
  readonly least: number;
  /** NaN where every point is. */
  readonly greatest: number;
}

/** Which points are read. */
export interface SeriesQuery {
  /** The least step. */
  readonly from?: number | undefined;
  /** The greatest step, which is read too. */
  readonly to?: number | undefined;
  /** @default 'ascending' */
  readonly direction?: 'ascending' | 'descending' | undefined;
  readonly limit?: number | undefined;
  readonly after?: string | undefined;
}

/** Which owners are ranked by a series. */
export interface BestQuery<Field extends string> {
  /** What of each series counts. */
  readonly of: 'last' | 'least' | 'greatest';
  /** `ascending` when less is better. */
  readonly direction: 'ascending' | 'descending';
  /** Only owners whose record meets it. */
  readonly filter?: RecordFilter<Field> | undefined;
  readonly limit: number;
}

/** An owner with what counts of its series. */
export interface RankedOwner {
  readonly owner: string;
  readonly value: number;
}

/**
 * Series of numbers that belong to records: appended in batches, read by owner and range, and pruned.
 *
 * Points of a step are in the order in which they were appended.
 */
export interface SeriesCollection<Field extends string = string> {
  /**
   * Adds points to series of an owner, all or none.
   *
   * @throws StorageError `not-found` when there is no such owner.
   * @throws InvalidValueError when a step is not a whole number, or a key cannot be indexed.
   */
  append(owner: string, points: readonly KeyedPoint[]): Promise<void>;
  /** The points of a series, by step. */
  read(owner: string, key: string, query?: SeriesQuery): Promise<Page<SeriesPoint>>;
  /** The series of an owner, sorted by key. */
  summarize(owner: string): Promise<readonly SeriesSummary[]>;
  /**
   * The owners that have a series of this key, best first, then by id. What is NaN does not count.
   */
  findBest(key: string, query: BestQuery<Field>): Promise<readonly RankedOwner[]>;
  /**
   * Removes the points of an owner before a step, of one series or of all.
   *
   * @returns how many.
   */
  prune(
    owner: string,
    options: { readonly before: number; readonly key?: string | undefined },
  ): Promise<number>;
}

/** The series of a registry. */
export interface SeriesCollections {
  of<T extends Entity, Field extends string>(descriptor: SeriesDescriptor<T, Field>): SeriesCollection<Field>;
}
