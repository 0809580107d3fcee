import type { Entity } from './model.ts';

/** Some of the records that a question matches, in its order. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Where the next page begins; absent on the last one. Opaque: hand it back as `after`. */
  readonly next?: string;
}

/** A question to a repository. */
export interface RepositoryQuery<Filter, OrderField extends string> {
  /** Only records that match every given field. */
  readonly filter?: Filter | undefined;
  /** Ties are broken by id, so that pages never overlap. */
  readonly order?: { readonly field: OrderField; readonly direction: 'ascending' | 'descending' } | undefined;
  /**
   * Most records on a page, from 1 up; every record when not given.
   */
  readonly limit?: number | undefined;
  /** The `next` of the page before. */
  readonly after?: string | undefined;
}

/**
 * A collection of records with optimistic concurrency.
 *
 * Failures are thrown as a `StorageError` (package `@holdfast/ports`); its codes are named on each method.
 */
export interface Repository<T extends Entity, Filter, OrderField extends string> {
  /**
   * Writes a record and answers it with the next revision.
   * A record of revision 0 is new; any other replaces the stored one of the same revision.
   *
   * @throws StorageError `already-exists` when a new record's id or unique name is taken,
   *   `precondition-failed` when the stored revision is another one or the record is gone.
   */
  save(record: T): Promise<T>;
  findById(id: string): Promise<T | undefined>;
  findAll(query?: RepositoryQuery<Filter, OrderField>): Promise<Page<T>>;
  /**
   * Removes a record.
   *
   * @returns whether it was there.
   * @throws StorageError `precondition-failed` when `revision` is given and the stored one is another.
   */
  delete(id: string, revision?: number): Promise<boolean>;
  exists(id: string): Promise<boolean>;
  count(filter?: Filter): Promise<number>;
}
