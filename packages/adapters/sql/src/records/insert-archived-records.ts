import {
  type RegistryRecord,
  decodeRecord,
  recordDescriptor,
  seriesDescriptor,
  unarchivedPoints,
} from '@holdfast/domain';
import type { Kysely } from 'kysely';
import { recordTable } from '../schema/record-tables.ts';
import type { RegistrySchema } from '../schema/registry-schema.ts';
import { appendPoints } from './append-points.ts';
import { insertRecordRows } from './insert-record-rows.ts';
import { insertReferences } from './record-references.ts';
import { rowOfRecord } from './record-rows.ts';

type OfKind<Kind extends RegistryRecord['kind']> = Extract<RegistryRecord, { readonly kind: Kind }>;

/** Writes archived records of any kind, with what they refer to. */
export async function insertArchivedRecords(
  database: Kysely<RegistrySchema>,
  archived: readonly OfKind<'record'>[],
): Promise<void> {
  for (const [kind, ofKind] of Map.groupBy(archived, (one) => one.of)) {
    const descriptor = recordDescriptor(kind);
    const records = ofKind.map(({ record }) => decodeRecord(descriptor, record));
    const rows = records.map((record) => rowOfRecord(descriptor, record));
    await insertRecordRows(database, rows, { table: recordTable(kind), operation: 'archive.insert' });
    const references = records.map((record) => ({
      owner: { kind, id: record.id },
      digests: new Set(descriptor.references?.(record)),
    }));
    await insertReferences(database, references);
  }
}

/** Appends archived points to their series. */
export async function insertArchivedPoints(
  database: Kysely<RegistrySchema>,
  archived: readonly OfKind<'series'>[],
): Promise<void> {
  for (const { of, owner, key, points } of archived) {
    const { kind } = seriesDescriptor(of);
    await appendPoints(database, { kind, owner, byKey: new Map([[key, unarchivedPoints({ key, points })]]) });
  }
}
