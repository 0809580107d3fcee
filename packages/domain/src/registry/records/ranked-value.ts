import { InvalidValueError } from '../../invalid-value-error.ts';
import { compareKeys, utf8Length } from '../../storage/object-key.ts';

/** What an indexed field holds: well-formed text, a double, or a whole number of 64 bits. */
export type FieldType = 'text' | 'number' | 'integer';

/** A value of an indexed field. Of a field of the type `integer` also a `number` may be given; it is read as `bigint`. */
export type FieldValue = string | number | bigint;

/** Where a value is in the order of its field, before values are compared: numbers that databases cannot compare, and absence. */
export const Rank = { MinusInfinity: 0, Value: 1, Infinity: 2, NaN: 3, Absent: 4 } as const;

export type Rank = (typeof Rank)[keyof typeof Rank];

/** A value with its rank: two columns that are never NULL. */
export interface RankedValue {
  readonly rank: Rank;
  /** The type's zero unless the rank is that of a value. */
  readonly value: FieldValue;
}

/** The longest text of an indexed field, in bytes of UTF-8: two of them fit an index of every database. */
export const longestIndexedTextBytes = 1_000;

const zeros = { text: '', number: 0, integer: 0n } as const;
const [least, greatest] = [-(2n ** 63n), 2n ** 63n - 1n];

/**
 * Ranks a value of an indexed field.
 *
 * @throws InvalidValueError when the field cannot hold it.
 */
export function rankedValue(
  { field, type }: { readonly field: string; readonly type: FieldType },
  value: FieldValue | undefined,
): RankedValue {
  if (value === undefined) return { rank: Rank.Absent, value: zeros[type] };
  if (type === 'text') return { rank: Rank.Value, value: indexableText(field, value) };
  if (type === 'integer') return { rank: Rank.Value, value: integer(field, value) };
  return rankedNumber(Number(value));
}

/** Ranks a double. Both zeros are 0. */
export function rankedNumber(value: number): RankedValue & { readonly value: number } {
  if (Number.isNaN(value)) return { rank: Rank.NaN, value: 0 };
  if (Number.isFinite(value)) return { rank: Rank.Value, value: value === 0 ? 0 : value };
  return { rank: value > 0 ? Rank.Infinity : Rank.MinusInfinity, value: 0 };
}

/** The double of a rank and a value. */
export function numberOfRank({ rank, value }: { readonly rank: number; readonly value: number }): number {
  if (rank === Rank.NaN) return Number.NaN;
  if (rank === Rank.Infinity) return Number.POSITIVE_INFINITY;
  return rank === Rank.MinusInfinity ? Number.NEGATIVE_INFINITY : value;
}

/** The order of ranked values: by rank, then by value, texts by their code points. */
export function compareRanked(a: RankedValue, b: RankedValue): number {
  if (a.rank !== b.rank) return a.rank - b.rank;
  const [left, right] = [a.value, b.value];
  if (typeof left === 'string' || typeof right === 'string') return compareKeys(String(left), String(right));
  return left < right ? -1 : Number(left > right);
}

/**
 * Checks a text that databases index.
 *
 * @throws InvalidValueError when it is too long, or has a lone surrogate.
 */
export function indexableText(field: string, value: unknown): string {
  if (typeof value !== 'string' || !value.isWellFormed())
    throw new InvalidValueError({ field, value, reason: 'is not a valid Unicode text' });
  if (utf8Length(value) > longestIndexedTextBytes) {
    const reason = `is longer than ${longestIndexedTextBytes} bytes of UTF-8`;
    throw new InvalidValueError({ field, value, reason });
  }
  return value;
}

function integer(field: string, value: FieldValue): bigint {
  if (typeof value === 'bigint' || Number.isSafeInteger(value)) {
    const whole = BigInt(value);
    if (whole >= least && whole <= greatest) return whole;
  }
  throw new InvalidValueError({ field, value, reason: 'is not a whole number of 64 bits' });
}
