import {
  type AnyRecordDescriptor,
  type Entity,
  type FieldValue,
  decodeRecord,
  encodeRecord,
  rankedField,
} from '@holdfast/domain';
import { parseDocument } from '../repositories/parse-document.ts';
import { sealed } from '../repositories/sealed.ts';
import { fieldColumn, rankColumn, recordTable } from '../schema/record-tables.ts';

/** The columns that hold a record; those of indexed fields are made of them. */
export const recordColumns = ['id', 'revision', 'created_at', 'updated_at', 'record', 'checksum'] as const;

/** The columns of {@link recordColumns}. */
export interface RecordRow {
  readonly id: string;
  readonly revision: number;
  readonly created_at: string;
  readonly updated_at: string;
  /** The record without the fields that have columns of their own, as JSON. */
  readonly record: string;
  /** Of the other columns, as `sealed` makes it. */
  readonly checksum: string;
}

/** A record as a row, with the revision that it gets, and its indexed fields. */
export function rowOfRecord(
  descriptor: AnyRecordDescriptor,
  record: Entity,
): RecordRow & Readonly<Record<string, FieldValue>> {
  const { id, revision, createdAt, updatedAt } = record;
  const { id: _i, revision: _r, createdAt: _c, updatedAt: _u, ...own } = encodeRecord(descriptor, record);
  return {
    ...sealed(recordTable(descriptor.kind), {
      id,
      revision,
      created_at: createdAt,
      updated_at: updatedAt,
      record: JSON.stringify(own),
    }),
    ...fieldColumns(descriptor, record),
  };
}

/** A row as a record. */
export function recordOfRow(descriptor: AnyRecordDescriptor, row: RecordRow): Entity {
  const { id, revision, created_at: createdAt, updated_at: updatedAt } = row;
  return parseDocument(row.record, id, (own) =>
    decodeRecord(descriptor, { ...(own as object), id, revision, createdAt, updatedAt }),
  );
}

/** The columns of a record's indexed fields. */
export function fieldColumns(
  descriptor: AnyRecordDescriptor,
  record: Entity,
): Readonly<Record<string, FieldValue>> {
  const columns: [string, FieldValue][] = [];
  for (const field of Object.keys(descriptor.fields)) {
    const { rank, value } = rankedField(descriptor, record, field);
    columns.push([rankColumn(field), rank], [fieldColumn(field), value]);
  }
  return Object.fromEntries(columns);
}
