import type { Tags } from '@holdfast/domain';
import type { Kysely } from 'kysely';
import type { RegistrySchema } from '../schema/registry-schema.ts';
import { chunksOf } from './chunks-of.ts';

/** Replaces the tags by which a version is found. */
export async function replaceVersionTags(
  database: Kysely<RegistrySchema>,
  versionId: string,
  tags: Tags,
): Promise<void> {
  await database.deleteFrom('version_tags').where('version_id', '=', versionId).execute();
  const rows = Object.entries(tags).map(([key, value]) => ({ version_id: versionId, key, value }));
  for (const chunk of chunksOf(rows)) await database.insertInto('version_tags').values(chunk).execute();
}
