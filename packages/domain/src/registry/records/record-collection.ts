import type { Entity } from '../model.ts';
import type { Repository } from '../repository.ts';
import type { EntityOrderField, RecordDescriptor } from './record-descriptor.ts';
import type { RecordFilter } from './record-filter.ts';

/**
 * The records of a kind, as their descriptor says.
 *
 * A field's order is: −∞, numbers, ∞, NaN, absent; descending is the reverse; ties are in the order of ids. What a record
 * refers to is kept with it, in the same transaction, and series that belong to it go with it.
 *
 * Beside the errors of {@link Repository}: `locked` when a record refers to an object that is about to be deleted, and
 * `InvalidValueError` when it is not what its descriptor says.
 */
export interface RecordCollection<T extends Entity, Field extends string> extends Repository<
  T,
  RecordFilter<Field>,
  Field | EntityOrderField
> {
  /** The first record that meets a filter, in the descriptor's order. */
  find(filter: RecordFilter<Field>): Promise<T | undefined>;
}

/** The collections of a registry. */
export interface RecordCollections {
  /** The collection of a kind. */
  of<T extends Entity, Field extends string>(
    descriptor: RecordDescriptor<T, Field>,
  ): RecordCollection<T, Field>;
}
