import type { Entity } from '../model.ts';
import { type FieldValue, Rank, type RankedValue, compareRanked, rankedValue } from './ranked-value.ts';
import type { RecordDescriptor } from './record-descriptor.ts';

/**
 * What an indexed field must be: a value; `null` for none; one of some; or in a range, whose ends are in it and which
 * neither an absent value nor NaN is in; or a text that begins with another.
 */
export type FieldCondition =
  | FieldValue
  | null
  | { readonly in: readonly FieldValue[] }
  | { readonly from?: FieldValue | undefined; readonly to?: FieldValue | undefined }
  | { readonly startsWith: string };

/** Only records whose fields meet every condition; the id of a record counts as a field. */
export type RecordFilter<Field extends string> = {
  readonly [F in Field | 'id']?: FieldCondition | undefined;
};

/** A condition with its values ranked, as both engines evaluate it. */
export type RankedCondition =
  | { readonly kind: 'in'; readonly values: readonly RankedValue[] }
  | {
      readonly kind: 'range';
      readonly from: RankedValue | undefined;
      readonly to: RankedValue | undefined;
    }
  | { readonly kind: 'prefix'; readonly text: string };

/**
 * The conditions of a filter, by field.
 *
 * @throws InvalidValueError when a field is not indexed or cannot hold a value.
 */
export function rankedConditions<T extends Entity, Field extends string>(
  { fields }: RecordDescriptor<T, Field>,
  filter: RecordFilter<Field> = {},
): readonly (readonly [Field | 'id', RankedCondition])[] {
  const conditions: (readonly [Field | 'id', RankedCondition])[] = [];
  for (const [field, condition] of Object.entries(filter) as [Field | 'id', FieldCondition | undefined][]) {
    const type = field === 'id' ? 'text' : fields[field].type;
    const rank = (value: FieldValue | undefined): RankedValue => rankedValue({ field, type }, value);
    if (condition !== undefined) conditions.push([field, rankedCondition(condition, rank)]);
  }
  return conditions;
}

function rankedCondition(
  condition: FieldCondition,
  rank: (value: FieldValue | undefined) => RankedValue,
): RankedCondition {
  if (condition === null) return { kind: 'in', values: [rank(undefined)] };
  if (typeof condition !== 'object') return { kind: 'in', values: [rank(condition)] };
  if ('in' in condition) return { kind: 'in', values: condition.in.map(rank) };
  if ('startsWith' in condition) return { kind: 'prefix', text: String(rank(condition.startsWith).value) };
  const { from, to } = condition;
  return {
    kind: 'range',
    from: from === undefined ? undefined : rank(from),
    to: to === undefined ? undefined : rank(to),
  };
}

/**
 * The value of a record's indexed field, or its id.
 *
 * @throws InvalidValueError when the field cannot hold it.
 */
export function rankedField<T extends Entity, Field extends string>(
  { fields }: RecordDescriptor<T, Field>,
  record: T,
  field: Field | 'id',
): RankedValue {
  if (field === 'id') return rankedValue({ field, type: 'text' }, record.id);
  return rankedValue({ field, type: fields[field].type }, fields[field].of(record));
}

/** Whether a ranked value meets a condition. */
export function meetsCondition(value: RankedValue, condition: RankedCondition): boolean {
  if (condition.kind === 'in') return condition.values.some((one) => compareRanked(one, value) === 0);
  if (condition.kind === 'prefix')
    return value.rank === Rank.Value && String(value.value).startsWith(condition.text);
  const { from, to } = condition;
  return (
    value.rank < Rank.NaN &&
    (from === undefined || compareRanked(value, from) >= 0) &&
    (to === undefined || compareRanked(value, to) <= 0)
  );
}
