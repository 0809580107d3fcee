import { VersionStatus, summaryOfVersion } from '@holdfast/domain';
import type { Kysely } from 'kysely';
import type { ModelTagTable, ModelVersionTable, RegistrySchema } from '../schema/registry-schema.ts';
import { chunksOf } from './chunks-of.ts';
import { modelVersionOfRow } from './model-version-rows.ts';
import { type StoredSummary, printStoredSummary } from './stored-summary.ts';

/** The states in which a version can be the newest one. */
const usable: readonly string[] = [VersionStatus.Ready, VersionStatus.Deprecated];

/** Works out anew what listings show of a model, after a version or an alias of it changed. Does nothing without the model. */
export async function refreshModelSummary(database: Kysely<RegistrySchema>, modelId: string): Promise<void> {
  const latestRow = await findLatestRow(database, modelId);
  const latest = latestRow === undefined ? undefined : summaryOfVersion(modelVersionOfRow(latestRow));
  const { count } = await database
    .selectFrom('model_versions')
    .select((select) => select.fn.countAll<number | string>().as('count'))
    .where('model_id', '=', modelId)
    .executeTakeFirstOrThrow();
  const aliases = await database
    .selectFrom('aliases')
    .select(['name', 'number'])
    .where('model_id', '=', modelId)
    .where('number', 'is not', null)
    .$narrowType<{ number: number }>()
    .orderBy('name')
    .execute();
  const summary: StoredSummary = {
    versionCount: Number(count),
    aliases,
    ...(latest === undefined ? {} : { latest }),
  };
  const updated = await database
    .updateTable('models')
    .set({ summary: printStoredSummary(summary) })
    .where('id', '=', modelId)
    .returning('id')
    .executeTakeFirst();
  if (updated !== undefined)
    await replaceModelTags(database, { modelId, source: 'latest', tags: latest?.tags ?? {} });
}

/** The ready or deprecated version of a model with the greatest number. */
export function findLatestRow(
  database: Kysely<RegistrySchema>,
  modelId: string,
): Promise<ModelVersionTable | undefined> {
  return database
    .selectFrom('model_versions')
    .selectAll()
    .where('model_id', '=', modelId)
    .where('status', 'in', usable)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** Replaces the tags by which a model is found, its own or those of its newest version. */
export async function replaceModelTags(
  database: Kysely<RegistrySchema>,
  owner: Pick<ModelTagTable, 'source'> & {
    readonly modelId: string;
    readonly tags: Readonly<Record<string, string>>;
  },
): Promise<void> {
  const { modelId, source, tags } = owner;
  await database
    .deleteFrom('model_tags')
    .where('model_id', '=', modelId)
    .where('source', '=', source)
    .execute();
  const rows = Object.entries(tags).map(([key, value]) => ({ model_id: modelId, source, key, value }));
  for (const chunk of chunksOf(rows)) await database.insertInto('model_tags').values(chunk).execute();
}
