import {
  type ArchiveQuery,
  type Digest,
  type Page,
  type RegistryRecord,
  type RegistryRecordKind,
  parseReferenceOwner,
} from '@holdfast/domain';
import type { Kysely } from 'kysely';
import { readRecords, readSeriesPoints } from '../records/archive-records.ts';
import type { AliasMoveTable, RegistrySchema } from '../schema/registry-schema.ts';
import { moveOfRow } from './alias-move-rows.ts';
import { chunksOf } from './chunks-of.ts';
import { modelColumns, modelOfRow } from './model-rows.ts';
import { modelVersionOfRow } from './model-version-rows.ts';
import { locationOfRow } from './object-location-rows.ts';
import { type PageOrder, readPage } from './read-page.ts';

type ReadArchivePage = (
  database: Kysely<RegistrySchema>,
  query: ArchiveQuery & { readonly operation: string },
) => Promise<Page<RegistryRecord>>;

/** How the records of each kind are read. */
export const archivePages: Readonly<Record<RegistryRecordKind, ReadArchivePage>> = {
  model: (database, query) =>
    readPage(database.selectFrom('models').select(modelColumns), {
      ...query,
      order: by('id'),
      valuesOf: (row) => [row.id],
      itemOf: (row) => ({ kind: 'model', model: modelOfRow(row) }),
    }),
  counter: (database, query) =>
    readPage(database.selectFrom('number_counters').selectAll(), {
      ...query,
      order: by('name'),
      valuesOf: (row) => [row.name],
      itemOf: (row) => ({ kind: 'counter', name: row.name, last: row.last }),
    }),
  version: (database, query) =>
    readPage(database.selectFrom('model_versions').selectAll(), {
      ...query,
      order: by('id'),
      valuesOf: (row) => [row.id],
      itemOf: (row) => ({ kind: 'version', version: modelVersionOfRow(row) }),
    }),
  references: (database, query) =>
    readPage(database.selectFrom('object_references').selectAll(), {
      ...query,
      order: by('owner', 'digest'),
      valuesOf: (row) => [row.owner, row.digest],
      itemOf: (row) => ({
        kind: 'references',
        owner: parseReferenceOwner(row.owner),
        digests: [row.digest as Digest],
      }),
    }),
  alias: readAliases,
  location: (database, query) =>
    readPage(database.selectFrom('object_locations').selectAll(), {
      ...query,
      order: by('digest', 'store_name'),
      valuesOf: (row) => [row.digest, row.store_name],
      itemOf: (row) => ({ kind: 'location', location: locationOfRow(row) }),
    }),
  record: readRecords,
  series: readSeriesPoints,
};

async function readAliases(
  database: Kysely<RegistrySchema>,
  query: ArchiveQuery & { readonly operation: string },
): Promise<Page<RegistryRecord>> {
  const page = await readPage(database.selectFrom('aliases').select(['model_id', 'name']), {
    ...query,
    order: by('model_id', 'name'),
    valuesOf: (row) => [row.model_id, row.name],
    itemOf: (row) => row,
  });
  const moves = await readMoves(database, [...new Set(page.items.map((row) => row.model_id))]);
  const items = page.items.map(({ model_id: modelId, name }) => ({
    kind: 'alias' as const,
    modelId,
    name,
    moves: (moves.get(keyOf(modelId, name)) ?? []).map(moveOfRow),
  }));
  return { ...page, items };
}

async function readMoves(
  database: Kysely<RegistrySchema>,
  modelIds: readonly string[],
): Promise<ReadonlyMap<string, readonly AliasMoveTable[]>> {
  const rows: AliasMoveTable[] = [];
  for (const chunk of chunksOf(modelIds)) {
    const found = await database
      .selectFrom('alias_moves')
      .selectAll()
      .where('model_id', 'in', chunk)
      .orderBy('revision')
      .execute();
    rows.push(...found);
  }
  return Map.groupBy(rows, (row) => keyOf(row.model_id, row.name));
}

function keyOf(modelId: string, name: string): string {
  return `${modelId} ${name}`;
}

function by(...columns: readonly string[]): PageOrder {
  return { columns, direction: 'ascending' };
}
