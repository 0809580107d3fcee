import {
  type Model,
  type ModelVersion,
  type RegistryRecord,
  decodeRecord,
  printReferenceOwner,
  recordDescriptor,
  unarchivedPoints,
} from '@holdfast/domain';
import { frozenModel, frozenVersion } from './frozen-record.ts';
import { versionsOf } from './latest-version.ts';
import { putRecord } from './memory-record-collection.ts';
import { grown } from './memory-series-collection.ts';
import type { MemoryTables } from './memory-tables.ts';
import { registryErrors } from './registry-errors.ts';

/** Writes records as they are. What is wrong is found before anything of a record is written. */
export function insertRecords(tables: MemoryTables, records: readonly RegistryRecord[]): void {
  for (const record of records) insertRecord(tables, record);
}

function insertRecord(tables: MemoryTables, record: RegistryRecord): void {
  switch (record.kind) {
    case 'model':
      return insertModel(tables, record.model);
    case 'counter':
      return raiseCounter(tables, record.name, record.last);
    case 'version':
      return insertVersion(tables, record.version);
    case 'references': {
      const owner = printReferenceOwner(record.owner);
      const known = tables.references.get(owner) ?? [];
      return tables.references.set(owner, new Set([...known, ...record.digests]));
    }
    case 'alias':
      return insertAlias(tables, record);
    case 'location': {
      const stores = new Map(tables.locations.get(record.location.digest));
      const location = Object.freeze({ ...record.location });
      return tables.locations.set(location.digest, stores.set(location.storeName, location));
    }
    case 'record':
      return insertRecordOfKind(tables, record);
    case 'series': {
      const series = new Map(tables.series.of(record.of).get(record.owner));
      const points = unarchivedPoints(record);
      return tables.series
        .of(record.of)
        .set(record.owner, series.set(record.key, grown(series.get(record.key), points)));
    }
  }
}

function insertRecordOfKind(
  tables: MemoryTables,
  { of, record: archived }: Extract<RegistryRecord, { readonly kind: 'record' }>,
): void {
  const operation = 'archive.insert';
  const descriptor = recordDescriptor(of);
  const record = decodeRecord(descriptor, archived);
  if (tables.records.of(of).has(record.id)) throw registryErrors.taken(operation, record.id);
  putRecord(tables, descriptor, { record, operation });
}

function insertModel(tables: MemoryTables, model: Model): void {
  if (tables.models.has(model.id) || tables.modelIds.has(model.name))
    throw registryErrors.taken('archive.insert', model.name);
  tables.models.set(model.id, frozenModel(model));
  tables.modelIds.set(model.name, model.id);
}

function insertVersion(tables: MemoryTables, version: ModelVersion): void {
  const isNumberTaken = versionsOf(tables, version.modelId).some(({ number }) => number === version.number);
  if (tables.versions.has(version.id) || isNumberTaken)
    throw registryErrors.taken('archive.insert', `${version.modelName}:${version.number}`);
  tables.versions.set(version.id, frozenVersion(version));
  tables.versionIds.set(version.modelId, [...(tables.versionIds.get(version.modelId) ?? []), version.id]);
  raiseCounter(tables, version.modelName, version.number);
}

function raiseCounter(tables: MemoryTables, name: string, last: number): void {
  tables.counters.set(name, Math.max(tables.counters.get(name) ?? 0, last));
}

function insertAlias(
  tables: MemoryTables,
  { modelId, name, moves }: Extract<RegistryRecord, { readonly kind: 'alias' }>,
): void {
  const history = moves.map((move) => Object.freeze({ modelId, name, ...move }));
  const last = history.at(-1);
  const revision = history.length;
  const alias =
    last?.to === undefined
      ? undefined
      : Object.freeze({ modelId, name, number: last.to, revision, updatedAt: last.at });
  const others = tables.aliases.get(modelId) ?? [];
  tables.aliases.set(modelId, new Map([...others, [name, { alias, revision, history }]]));
}
