import { InvalidValueError } from '../../invalid-value-error.ts';
import type { JsonValue } from '../../json-value.ts';
import { longestRecordCharacters } from '../model-version.ts';
import type { Entity } from '../model.ts';
import type { AnyRecordDescriptor, ArchivedRecord } from './record-descriptor.ts';

/**
 * A value in a form that JSON can hold whole: doubles and integers that it has not become `{"$number":"NaN"}` and
 * `{"$integer":"9007199254740993"}`, and names that begin with `$` get another one before.
 *
 * @throws InvalidValueError when a text has a lone surrogate, or a value is neither data nor absent.
 */
export function encodeValue(value: unknown, field = 'record'): JsonValue {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'string') return wellFormed(value, field);
  if (typeof value === 'bigint') return { $integer: String(value) };
  if (typeof value === 'number') return encodeNumber(value);
  if (Array.isArray(value)) return value.map((item: unknown) => encodeValue(item ?? null, field));
  if (typeof value !== 'object') throw new InvalidValueError({ field, value, reason: 'cannot be stored' });
  const encoded: [string, JsonValue][] = [];
  for (const [name, part] of Object.entries(value)) {
    const key = wellFormed(name, field).startsWith('$') ? `$${name}` : name;
    if (part !== undefined) encoded.push([key, encodeValue(part, name)]);
  }
  return Object.fromEntries(encoded);
}

/** Reads what {@link encodeValue} made. */
export function decodeValue(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(decodeValue);
  const { $number, $integer } = value as { readonly $number?: unknown; readonly $integer?: unknown };
  if ($number !== undefined) return Number($number);
  if (typeof $integer === 'string') return BigInt($integer);
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [
      name.startsWith('$') ? name.slice(1) : name,
      decodeValue(part),
    ]),
  );
}

/**
 * A record in the form in which archives and databases keep it.
 *
 * @throws InvalidValueError when it is not what its descriptor says, or too long.
 */
export function encodeRecord(descriptor: AnyRecordDescriptor, record: Entity): ArchivedRecord {
  const encoded = encodeValue(descriptor.parse({ ...record }), descriptor.noun) as ArchivedRecord;
  const lengthCharacters = JSON.stringify(encoded).length;
  if (lengthCharacters <= longestRecordCharacters) return encoded;
  throw new InvalidValueError({
    field: descriptor.noun,
    value: record.id,
    reason: `has a record of ${lengthCharacters} characters: it may have ${longestRecordCharacters}`,
    hint: 'Save long texts as files.',
  });
}

/**
 * Reads what {@link encodeRecord} made, frozen.
 *
 * @throws InvalidValueError when it is not a record of the kind.
 */
export function decodeRecord(descriptor: AnyRecordDescriptor, archived: unknown): Entity {
  const document = (decodeValue(archived) ?? {}) as Entity & Record<string, unknown>;
  const { id, revision, createdAt, updatedAt } = document;
  const isEntity =
    [id, createdAt, updatedAt].every((value) => typeof value === 'string') && Number.isSafeInteger(revision);
  if (!isEntity)
    throw new InvalidValueError({ field: descriptor.noun, value: id, reason: 'is not complete' });
  return freezeDeeply(descriptor.parse(document));
}

function encodeNumber(value: number): JsonValue {
  return Number.isFinite(value) && !Object.is(value, -0)
    ? value
    : { $number: Object.is(value, -0) ? '-0' : String(value) };
}

function wellFormed(text: string, field: string): string {
  if (text.isWellFormed()) return text;
  throw new InvalidValueError({ field, value: text, reason: 'has half of a surrogate pair' });
}

function freezeDeeply<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) freezeDeeply(part);
  return Object.freeze(value);
}
