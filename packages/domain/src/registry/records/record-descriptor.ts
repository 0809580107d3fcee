import type { JsonObject } from '../../json-value.ts';
import type { Digest } from '../../storage/digest.ts';
import type { Entity } from '../model.ts';
import type { FieldType, FieldValue } from './ranked-value.ts';

/** A field of a record by which collections filter and order. */
export interface RecordField<T> {
  readonly type: FieldType;
  /** The field's value; `undefined` where a record has none. */
  of(record: T): FieldValue | undefined;
}

/** Fields of every record. */
export type EntityOrderField = 'id' | 'createdAt' | 'updatedAt';

/**
 * What a collection knows of its records: everything that is generic about an entity.
 *
 * A stored table is made by a migration that holds a frozen copy of kind, fields and unique fields.
 */
export interface RecordDescriptor<T extends Entity, Field extends string = string> {
  /** Stored with every record, as `training_run`; it never changes. */
  readonly kind: string;
  /** What people call one, as in `the run 0199…`. */
  readonly noun: string;
  /** The indexed fields. */
  readonly fields: Readonly<Record<Field, RecordField<T>>>;
  /** Sets of fields whose values no two records share; a record without one of them shares nothing. */
  readonly unique: readonly (readonly Field[])[];
  /** The order of a question that asks for none. */
  readonly order: {
    readonly field: Field | EntityOrderField;
    readonly direction: 'ascending' | 'descending';
  };
  /** The digests that a record needs: their objects are kept, verified, mirrored and backed up. @default none */
  references?(record: T): readonly Digest[];
  /**
   * Makes a record of a document with the entity's fields.
   *
   * @throws InvalidValueError when it is not one.
   */
  parse(document: RecordDocument): T;
}

/** A record as it is read: its own fields unchecked, and those of every entity. */
export type RecordDocument = Entity & Readonly<Record<string, unknown>>;

/** A descriptor of any entity, for what treats all of them alike. */
export type AnyRecordDescriptor = RecordDescriptor<Entity>;

/** A record in a form that JSON can hold whole, as archives keep it. */
export type ArchivedRecord = JsonObject & { readonly id: string };
