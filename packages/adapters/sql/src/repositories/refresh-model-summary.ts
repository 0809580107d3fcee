import { VersionStatus } from '@holdfast/domain';
import type { Kysely } from 'kysely';
import type { ModelTagTable, RegistrySchema } from '../schema/registry-schema.ts';
import { chunksOf } from './chunks-of.ts';
import { modelVersionOfRow, summaryOfVersion } from './model-version-rows.ts';

/** The states in which a version can be the newest one. */
const usable: readonly string[] = [VersionStatus.Ready, VersionStatus.Deprecated];

/** Works out anew what listings show of a model's versions, after one of them was written or removed. */
export async function refreshVersionSummary(database: Kysely<RegistrySchema>, modelId: string): Promise<void> {
  const latestRow = await database
    .selectFrom('model_versions')
    .selectAll()
    .where('model_id', '=', modelId)
    .where('status', 'in', usable)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  const { count } = await database
    .selectFrom('model_versions')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('model_id', '=', modelId)
    .executeTakeFirstOrThrow();
  const latest = latestRow === undefined ? undefined : summaryOfVersion(modelVersionOfRow(latestRow));
  const summary = {
    version_count: count,
    latest_version_id: latest?.id ?? null,
    latest: latest === undefined ? null : JSON.stringify(latest),
  };
  await database
    .insertInto('model_summaries')
    .values({ model_id: modelId, ...summary, aliases: '[]' })
    .onConflict((conflict) => conflict.column('model_id').doUpdateSet(summary))
    .execute();
  await replaceModelTags(database, { modelId, source: 'latest', tags: latest?.tags ?? {} });
}

/** Works out anew which aliases listings show of a model. */
export async function refreshAliasSummary(database: Kysely<RegistrySchema>, modelId: string): Promise<void> {
  const rows = await database
    .selectFrom('aliases')
    .select(['name', 'number'])
    .where('model_id', '=', modelId)
    .where('number', 'is not', null)
    .orderBy('name')
    .execute();
  const aliases = JSON.stringify(rows.map(({ name, number }) => ({ name, number })));
  await database
    .insertInto('model_summaries')
    .values({ model_id: modelId, version_count: 0, latest_version_id: null, latest: null, aliases })
    .onConflict((conflict) => conflict.column('model_id').doUpdateSet({ aliases }))
    .execute();
}

/** Replaces the tags by which a model is found, its own or those of its newest version. */
export async function replaceModelTags(
  database: Kysely<RegistrySchema>,
  owner: Pick<ModelTagTable, 'source'> & { readonly modelId: string; readonly tags: Readonly<Record<string, string>> },
): Promise<void> {
  const { modelId, source, tags } = owner;
  await database.deleteFrom('model_tags').where('model_id', '=', modelId).where('source', '=', source).execute();
  const rows = Object.entries(tags).map(([key, value]) => ({ model_id: modelId, source, key, value }));
  for (const chunk of chunksOf(rows)) await database.insertInto('model_tags').values(chunk).execute();
}
