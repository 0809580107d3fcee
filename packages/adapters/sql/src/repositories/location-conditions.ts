import type { LocationQuery } from '@holdfast/domain';
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { allOf } from './model-conditions.ts';

/** The condition that a question about locations puts. */
export function locationConditions(query: LocationQuery): RawBuilder<SqlBool> {
  const { storeName, state, notVerifiedSince } = query;
  const conditions: RawBuilder<SqlBool>[] = [];
  if (storeName !== undefined) conditions.push(sql`store_name = ${storeName}`);
  if (state !== undefined) conditions.push(sql`state = ${state}`);
  if (notVerifiedSince !== undefined)
    conditions.push(sql`(state = 'corrupt' or verified_at < ${notVerifiedSince})`);
  return allOf(conditions);
}
