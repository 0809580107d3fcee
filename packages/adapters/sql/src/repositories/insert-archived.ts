import type { Model, ModelVersion, ObjectLocation, RegistryRecord } from '@holdfast/domain';
import type { Kysely } from 'kysely';
import { insertArchivedPoints, insertArchivedRecords } from '../records/insert-archived-records.ts';
import { insertReferences } from '../records/record-references.ts';
import type { RegistrySchema } from '../schema/registry-schema.ts';
import { chunksOf } from './chunks-of.ts';
import { rowOfModel } from './model-rows.ts';
import { rowOfModelVersion } from './model-version-rows.ts';
import { rowOfLocation } from './object-location-rows.ts';
import { raiseNumberCounter } from './raise-number-counter.ts';
import { refreshModelSummary, replaceModelTags } from './refresh-model-summary.ts';
import { replaceVersionTags } from './replace-version-tags.ts';
import { sealed } from './sealed.ts';

type Database = Kysely<RegistrySchema>;
type OfKind<Kind extends RegistryRecord['kind']> = Extract<RegistryRecord, { readonly kind: Kind }>;

/** Writes records as they are, then what listings show of the models that they are about. */
export async function insertArchived(database: Database, records: readonly RegistryRecord[]): Promise<void> {
  const models = ofKind(records, 'model').map(({ model }) => model);
  const versions = ofKind(records, 'version').map(({ version }) => version);
  const aliases = ofKind(records, 'alias');
  await insertModels(database, models);
  for (const { name, last } of ofKind(records, 'counter')) await raiseNumberCounter(database, name, last);
  await insertVersions(database, versions);
  await insertReferences(database, ofKind(records, 'references'));
  await insertArchivedRecords(database, ofKind(records, 'record'));
  await insertArchivedPoints(database, ofKind(records, 'series'));
  for (const alias of aliases) await replaceAlias(database, alias);
  await replaceLocations(
    database,
    ofKind(records, 'location').map(({ location }) => location),
  );
  const changed = [...models.map(({ id }) => id), ...[...versions, ...aliases].map(({ modelId }) => modelId)];
  for (const modelId of new Set(changed)) await refreshModelSummary(database, modelId);
}

function ofKind<Kind extends RegistryRecord['kind']>(
  records: readonly RegistryRecord[],
  kind: Kind,
): readonly OfKind<Kind>[] {
  return records.filter((record) => record.kind === kind) as unknown as readonly OfKind<Kind>[];
}

async function insertModels(database: Database, models: readonly Model[]): Promise<void> {
  const rows = models.map((model) => ({ ...rowOfModel(model, model.revision), summary: '' }));
  for (const chunk of chunksOf(rows)) await database.insertInto('models').values(chunk).execute();
  for (const { id, tags } of models) {
    if (Object.keys(tags).length > 0)
      await replaceModelTags(database, { modelId: id, source: 'model', tags });
  }
}

async function insertVersions(database: Database, versions: readonly ModelVersion[]): Promise<void> {
  const rows = versions.map((version) => rowOfModelVersion(version, version.revision));
  for (const chunk of chunksOf(rows)) await database.insertInto('model_versions').values(chunk).execute();
  const greatest = new Map<string, number>();
  for (const { id, modelName, number, tags } of versions) {
    greatest.set(modelName, Math.max(greatest.get(modelName) ?? 0, number));
    if (Object.keys(tags).length > 0) await replaceVersionTags(database, id, tags);
  }
  for (const [name, number] of greatest) await raiseNumberCounter(database, name, number);
}

async function replaceAlias(database: Database, { modelId, name, moves }: OfKind<'alias'>): Promise<void> {
  for (const table of ['alias_moves', 'aliases'] as const)
    await database.deleteFrom(table).where('model_id', '=', modelId).where('name', '=', name).execute();
  const last = moves.at(-1);
  if (last === undefined) return;
  const rows = moves.map(({ from = null, to = null, at, by = null }, index) =>
    sealed('alias_moves', {
      model_id: modelId,
      name,
      revision: index + 1,
      from_number: from,
      to_number: to,
      at,
      by_actor: by,
    }),
  );
  for (const chunk of chunksOf(rows)) await database.insertInto('alias_moves').values(chunk).execute();
  await database
    .insertInto('aliases')
    .values(
      sealed('aliases', {
        model_id: modelId,
        name,
        number: last.to ?? null,
        revision: moves.length,
        updated_at: last.at,
      }),
    )
    .execute();
}

async function replaceLocations(database: Database, locations: readonly ObjectLocation[]): Promise<void> {
  const last = new Map(locations.map((location) => [`${location.digest} ${location.storeName}`, location]));
  const rows = Array.from(last.values(), rowOfLocation);
  for (const chunk of chunksOf(rows)) {
    await database
      .insertInto('object_locations')
      .values(chunk)
      .onConflict((conflict) =>
        conflict.columns(['digest', 'store_name']).doUpdateSet((excluded) => ({
          key: excluded.ref('excluded.key'),
          size_bytes: excluded.ref('excluded.size_bytes'),
          verified_at: excluded.ref('excluded.verified_at'),
          state: excluded.ref('excluded.state'),
          checksum: excluded.ref('excluded.checksum'),
        })),
      )
      .execute();
  }
}
