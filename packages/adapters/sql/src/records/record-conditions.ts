import {
  type Entity,
  Rank,
  type RankedCondition,
  type RecordDescriptor,
  type RecordFilter,
  rankedConditions,
} from '@holdfast/domain';
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { allOf } from '../repositories/model-conditions.ts';
import { fieldColumn, rankColumn } from '../schema/record-tables.ts';

/** The condition that a filter of records puts, on the table that is called `record`. */
export function recordConditions<T extends Entity, Field extends string>(
  descriptor: RecordDescriptor<T, Field>,
  filter: RecordFilter<Field> | undefined,
): RawBuilder<SqlBool> {
  return allOf(
    rankedConditions(descriptor, filter).map(([field, condition]) => fieldCondition(field, condition)),
  );
}

function fieldCondition(field: string, condition: RankedCondition): RawBuilder<SqlBool> {
  const rank = field === 'id' ? sql.lit(Rank.Value) : sql.ref(`record.${rankColumn(field)}`);
  const column = sql.ref(`record.${field === 'id' ? field : fieldColumn(field)}`);
  if (condition.kind === 'prefix') {
    const { text } = condition;
    const after = textAfter(text);
    const bounds = [sql<SqlBool>`${rank} = ${Rank.Value}`, sql<SqlBool>`${column} >= ${text}`];
    return allOf(after === undefined ? bounds : [...bounds, sql<SqlBool>`${column} < ${after}`]);
  }
  if (condition.kind === 'range') {
    const { from, to } = condition;
    const bounds = [sql<SqlBool>`${rank} < ${Rank.NaN}`];
    if (from !== undefined) bounds.push(sql`(${rank}, ${column}) >= (${from.rank}, ${from.value})`);
    if (to !== undefined) bounds.push(sql`(${rank}, ${column}) <= (${to.rank}, ${to.value})`);
    return allOf(bounds);
  }
  const values = condition.values.filter((one) => one.rank === Rank.Value).map(({ value }) => value);
  const ranks = condition.values.filter((one) => one.rank !== Rank.Value).map((one) => one.rank);
  const choices: RawBuilder<SqlBool>[] = [];
  if (values.length > 0) choices.push(sql`(${rank} = ${Rank.Value} and ${column} in (${sql.join(values)}))`);
  if (ranks.length > 0) choices.push(sql`${rank} in (${sql.join(ranks)})`);
  return choices.length === 0 ? sql<SqlBool>`1 = 0` : sql<SqlBool>`(${sql.join(choices, sql` or `)})`;
}

const [lastCharacter, firstSurrogate, lastSurrogate] = [0x10_ff_ff, 0xd8_00, 0xdf_ff];

/** The least text that is greater than every text that begins with another; `undefined` when there is none. */
function textAfter(text: string): string | undefined {
  const points = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  while (points.at(-1) === lastCharacter) points.pop();
  const last = points.pop();
  if (last === undefined) return undefined;
  const next = last + 1 === firstSurrogate ? lastSurrogate + 1 : last + 1;
  return String.fromCodePoint(...points, next);
}
