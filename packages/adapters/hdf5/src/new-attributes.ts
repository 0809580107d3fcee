import { InvalidValueError } from '@holdfast/domain';
import { type ElementData, type ElementType, isElementType, type Value, whatIs } from '@holdfast/formats';

/** What an attribute can be given as: whole numbers are stored as int64, others as float64. */
export type AttributeValue = string | number | bigint | boolean | readonly string[] | ElementData | Value;

/** Attributes by their names. */
export interface NewAttributeValues {
  readonly [name: string]: AttributeValue;
}

/**
 * Attributes as values.
 *
 * @throws InvalidValueError with the name of the attribute that cannot be one.
 */
export function valuesOf(attributes: NewAttributeValues = {}): Map<string, Value> {
  const given: unknown = attributes;
  const prototype: unknown =
    typeof given === 'object' && given !== null ? Object.getPrototypeOf(given) : given;
  // The prototype of a plain object has none, in any realm.
  if (prototype !== null && (typeof prototype !== 'object' || Object.getPrototypeOf(prototype) !== null))
    throw new InvalidValueError({
      field: 'attributes',
      value: whatIs(given),
      reason: "must be a plain object of names and values, such as { unit: 'g', rate: 51200 }",
    });
  return new Map(Object.entries(attributes).map(([name, value]) => [name, attributeOf(name, value)]));
}

/** One attribute as a value. @throws InvalidValueError with its name. */
export function attributeOf(name: string, value: AttributeValue): Value {
  const given: unknown = value;
  const field = `attributes.${name}`;
  if (typeof value === 'string') return { kind: 'text', data: [value], shape: [], order: 'row-major' };
  if (Array.isArray(given) && given.every((text) => typeof text === 'string'))
    return { kind: 'text', data: [...given], shape: [given.length], order: 'row-major' };
  if (typeof value === 'boolean') return scalar('bool', Uint8Array.of(value ? 1 : 0));
  if (typeof value === 'bigint' || Number.isSafeInteger(value))
    return wholeNumber(field, BigInt(value as number));
  if (typeof value === 'number') return scalar('float64', Float64Array.of(value));
  if (ArrayBuffer.isView(value)) {
    const dtype = typeOfArray(value);
    if (dtype !== undefined)
      return { kind: 'numeric', dtype, shape: [value.length], order: 'row-major', data: value };
  } else if (typeof given === 'object' && given !== null && 'kind' in given) return value as Value;
  throw new InvalidValueError({
    field,
    value: whatIs(given),
    reason:
      'must be a text, a number, a boolean, an array of texts, a typed array of numbers, or a value with a kind',
    ...(name === 'attributes'
      ? { hint: 'Give the attributes themselves, without { attributes } around.' }
      : {}),
  });
}

function wholeNumber(field: string, value: bigint): Value {
  if (BigInt.asIntN(64, value) !== value)
    throw new InvalidValueError({ field, value, reason: 'must fit in 64 bits with a sign' });
  return scalar('int64', BigInt64Array.of(value));
}

/** `Float32Array` holds float32, `BigInt64Array` int64, and so on; `undefined` for a view of another kind. */
function typeOfArray(data: ElementData): ElementType | undefined {
  const tag = Object.prototype.toString.call(data).slice('[object '.length, -1);
  const name = tag.replace(/^Big|Clamped|Array$/gu, '').toLowerCase();
  return name !== 'dataview' && isElementType(name) ? name : undefined;
}

function scalar(dtype: ElementType, data: ElementData): Value {
  return { kind: 'numeric', dtype, shape: [], order: 'row-major', data };
}
