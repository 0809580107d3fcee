import type { Tags } from '@holdfast/domain';
import { type RawBuilder, type SqlBool, sql } from 'kysely';

/** The ids of the models that carry all of the tags, or whose newest version does. */
export function modelIsTagged(tags: Tags): RawBuilder<SqlBool> {
  const count = Object.keys(tags).length;
  return sql<SqlBool>`models.id in (
    select model_id from model_tags where ${anyOf(tags)} group by model_id, source having count(*) = ${count})`;
}

/**
 * Versions that carry all of the tags. Where other conditions leave few versions, each is asked for its tags;
 * elsewhere the index of tags tells which versions carry them.
 */
export function versionIsTagged(tags: Tags, options: { readonly fewVersions: boolean }): RawBuilder<SqlBool> {
  const count = sql`${Object.keys(tags).length}`;
  if (options.fewVersions) {
    return sql<SqlBool>`(select count(*) from version_tags where version_id = model_versions.id and ${anyOf(tags)}) = ${count}`;
  }
  return sql<SqlBool>`model_versions.id in (
    select version_id from version_tags where ${anyOf(tags)} group by version_id having count(*) = ${count})`;
}

/** The index of PostgreSQL holds the beginnings of values. */
function anyOf(tags: Tags): RawBuilder<SqlBool> {
  const pairs = Object.entries(tags).map(
    ([key, value]) =>
      sql<SqlBool>`(key = ${key} and value = ${value} and substr(value, 1, 256) = substr(${value}, 1, 256))`,
  );
  return sql<SqlBool>`(${sql.join(pairs, sql` or `)})`;
}
