import { type ElementData, type ElementType, isElementType, type Value } from '@holdfast/formats';

/** What an attribute can be given as: whole numbers are stored as int64, others as float64. */
export type AttributeValue = string | number | bigint | boolean | readonly string[] | ElementData | Value;

/** Attributes by their names. */
export interface NewAttributeValues {
  readonly [name: string]: AttributeValue;
}

/** Attributes as values. */
export function valuesOf(attributes: NewAttributeValues = {}): Map<string, Value> {
  return new Map(Object.entries(attributes).map(([name, value]) => [name, valueOf(value)]));
}

function valueOf(value: AttributeValue): Value {
  if (typeof value === 'string') return { kind: 'text', data: [value], shape: [], order: 'row-major' };
  if (Array.isArray(value))
    return { kind: 'text', data: value as string[], shape: [value.length], order: 'row-major' };
  if (typeof value === 'boolean') return scalar('bool', Uint8Array.of(value ? 1 : 0));
  if (typeof value === 'bigint' || Number.isSafeInteger(value))
    return scalar('int64', BigInt64Array.of(BigInt(value as number)));
  if (typeof value === 'number') return scalar('float64', Float64Array.of(value));
  if (!ArrayBuffer.isView(value)) return value as Value;
  const data = value;
  return { kind: 'numeric', dtype: typeOfArray(data), shape: [data.length], order: 'row-major', data };
}

/** `Float32Array` holds float32, `BigInt64Array` int64, and so on. */
function typeOfArray(data: ElementData): ElementType {
  const name = data.constructor.name.replace(/^Big|Array$/gu, '').toLowerCase();
  return isElementType(name) ? name : 'uint8';
}

function scalar(dtype: ElementType, data: ElementData): Value {
  return { kind: 'numeric', dtype, shape: [], order: 'row-major', data };
}
