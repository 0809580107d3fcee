import type { ModelFilter } from '@holdfast/domain';
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { modelIsTagged } from './tag-conditions.ts';

/** Sorts after every character that a name can have, so that a prefix is a range of the name's index. */
const afterEveryCharacter = '\u{10ffff}';

/** The condition that a filter of models puts. */
export function modelConditions(filter: ModelFilter = {}): RawBuilder<SqlBool> {
  const { nameContains, namePrefix, tags } = filter;
  const conditions: RawBuilder<SqlBool>[] = [];
  if (nameContains !== undefined) conditions.push(nameHolds(nameContains));
  if (namePrefix !== undefined && namePrefix !== '') {
    conditions.push(
      sql`models.name >= ${namePrefix}`,
      sql`models.name < ${namePrefix + afterEveryCharacter}`,
    );
  }
  if (tags !== undefined && Object.keys(tags).length > 0) conditions.push(modelIsTagged(tags));
  return allOf(conditions);
}

/** The conjunction of conditions; true when there is none. */
export function allOf(conditions: readonly RawBuilder<SqlBool>[]): RawBuilder<SqlBool> {
  return conditions.length === 0 ? sql<SqlBool>`1 = 1` : sql<SqlBool>`${sql.join(conditions, sql` and `)}`;
}

/**
 * Patterns end at a NUL character, which no name has. Letters of ASCII are alike in both cases, and no others: what
 * `lower` of a database makes of those depends on its locale.
 */
function nameHolds(text: string): RawBuilder<SqlBool> {
  if (text.includes('\0')) return sql<SqlBool>`1 = 0`;
  const lower = text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
  const pattern = `%${lower.replaceAll(/[%_\\]/g, '\\$&')}%`;
  return sql<SqlBool>`lower(models.name) like ${pattern} escape '\\'`;
}
