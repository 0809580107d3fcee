import { shapeElementCount } from '../tensor/shape-element-count.ts';
import type { ByteOrder } from '../value/element-bytes.ts';
import { type ElementType, isElementType } from '../value/element-type.ts';
import type { PythonLiteral } from './python-literal.ts';

/** An element type of NumPy, simple or structured. */
export interface NumpyDtype {
  /** Such as `<f4`, or `[('x', '<f8'), ('name', '<U8', (2,))]` for a structured type. */
  readonly text: string;
  /** Bytes of one element; of an object, and of an unknown type, its size is unknown and this is 0. */
  readonly itemBytes: number;
  /** Set where the type, or a field's, is not known here: newer than this reader, or of an extension of NumPy. */
  readonly isUnknown?: true;
  /** Whether elements, or fields of them, are Python objects, which are stored as a pickle. */
  readonly hasObjects: boolean;
  /** The same in common words, for simple types that have them. */
  readonly elementType?: string;
  readonly element: NumpyElement;
}

/** What the bytes of an element mean. */
export type NumpyElement =
  | {
      readonly kind: 'numeric';
      readonly dtype: ElementType;
      readonly byteOrder: ByteOrder;
      readonly unit?: string;
    }
  | { readonly kind: 'text'; readonly byteOrder: ByteOrder }
  | { readonly kind: 'bytes'; readonly isText: boolean }
  | { readonly kind: 'table'; readonly fields: readonly NumpyField[] }
  | { readonly kind: 'subarray' }
  | { readonly kind: 'object' }
  | { readonly kind: 'unknown' };

/** A field of a structured type. */
export interface NumpyField {
  readonly name: string;
  /** Where it begins in an element, in bytes. */
  readonly offset: number;
  /** The type of one element of the field, and the shape that it has in each row. */
  readonly base: NumpyDtype;
  readonly shape: readonly number[];
}

const unknownPattern = /^[<>|=]?[A-Za-z?]\w*(?:\[[^\]]{1,64}\])?$/;
const simplePattern =
  /^([<>|=]?)([?biufcOSUV]|[mM](?=8))(\d*)(?:(?<=[mM]8)\[((?:\d*[A-Za-z]+)(?:\/\d+)?)\])?$/;
const wordOfKind: ReadonlyMap<string, string> = new Map([
  ['i', 'int'],
  ['u', 'uint'],
  ['f', 'float'],
  ['c', 'complex'],
]);
const timeOfKind: ReadonlyMap<string, ElementType> = new Map([
  ['M', 'datetime64'],
  ['m', 'timedelta64'],
]);

/**
 * Reads the `descr` of an array header. Gives the reason where it is no element type.
 *
 * @see https://numpy.org/doc/stable/reference/arrays.interface.html for the strings
 */
export function parseNumpyDtype(descr: PythonLiteral): NumpyDtype | string {
  if (typeof descr === 'string') return parseSimple(descr);
  if (Array.isArray(descr)) return parseStructured(descr as readonly PythonLiteral[]);
  if (descr !== null && typeof descr === 'object' && 'tuple' in descr) {
    const field = parseSubarray(descr.tuple);
    if (typeof field === 'string') return field;
    const { text, hasObjects, isUnknown } = field.base;
    const known = isUnknown ? { isUnknown } : {};
    return { text, itemBytes: field.itemBytes, hasObjects, ...known, element: { kind: 'subarray' } };
  }
  return 'the element type is neither a text nor a list of fields';
}

function parseSimple(text: string): NumpyDtype | string {
  const [, order, kind, digits = '', unit] = simplePattern.exec(text) ?? [];
  const shown = text.slice(0, 40);
  if (kind === undefined) return unknownDtype(text);
  if (kind === 'O') return { text, itemBytes: 0, hasObjects: true, element: { kind: 'object' } };
  const width = kind === '?' ? 1 : Number(digits);
  if ((digits === '' && kind !== '?') || !Number.isSafeInteger(width))
    return `the element type '${shown}' has no size`;
  const byteOrder = order === '>' ? 'big' : 'little';
  const simple = { text, hasObjects: false } as const;
  if (kind === 'S' || kind === 'V')
    return { ...simple, itemBytes: width, element: { kind: 'bytes', isText: kind === 'S' } };
  if (kind === 'U') return { ...simple, itemBytes: width * 4, element: { kind: 'text', byteOrder } };
  const dtype = numericType(kind, width);
  if (dtype === undefined) return unknownDtype(text);
  return {
    ...simple,
    itemBytes: width,
    ...(timeOfKind.has(kind) ? {} : { elementType: dtype }),
    element: { kind: 'numeric', dtype, byteOrder, ...(unit === undefined ? {} : { unit }) },
  };
}

/** Extensions of NumPy write types of their own, as `<f1` for numbers of 8 bits. */
function unknownDtype(text: string): NumpyDtype | string {
  if (!unknownPattern.test(text)) return `the element type '${text.slice(0, 40)}' is not an element type`;
  return { text, itemBytes: 0, hasObjects: false, isUnknown: true, element: { kind: 'unknown' } };
}

function numericType(kind: string, width: number): ElementType | undefined {
  if (kind === '?' || kind === 'b') return width === 1 ? 'bool' : undefined;
  const word = timeOfKind.get(kind) ?? `${wordOfKind.get(kind)}${width * 8}`;
  return isElementType(word) && word !== 'complex32' ? word : undefined;
}

function parseStructured(descr: readonly PythonLiteral[]): NumpyDtype | string {
  const texts: string[] = [];
  const fields: NumpyField[] = [];
  let itemBytes = 0;
  let hasObjects = false;
  for (const entry of descr) {
    if (entry === null || typeof entry !== 'object' || !('tuple' in entry)) return 'a field is not a tuple';
    const [name, type, shape, ...rest] = entry.tuple;
    const title = nameOf(name);
    if (title === undefined || type === undefined || rest.length > 0)
      return 'a field is not a name, a type and a shape';
    const field = parseSubarray(shape === undefined ? [type, { tuple: [] }] : [type, shape]);
    if (typeof field === 'string') return field;
    texts.push(`(${title.text}, ${fieldTypeText(field.base.text, type, shape)})`);
    const isPadding = title.name === '' && field.base.element.kind === 'bytes';
    if (!isPadding) fields.push({ name: title.name, offset: itemBytes, ...field });
    itemBytes += field.itemBytes;
    hasObjects ||= field.base.hasObjects;
  }
  if (!Number.isSafeInteger(itemBytes)) return 'the element type is too large';
  if (new Set(fields.map(({ name }) => name)).size < fields.length) return 'two fields have the same name';
  const element: NumpyElement = { kind: 'table', fields };
  const known = fields.some(({ base }) => base.isUnknown) ? ({ isUnknown: true } as const) : {};
  return { text: `[${texts.join(', ')}]`, itemBytes, hasObjects, ...known, element };
}

type Subarray = Pick<NumpyField, 'base' | 'shape'> & { readonly itemBytes: number };

function parseSubarray(parts: readonly PythonLiteral[]): Subarray | string {
  const [descr, extents, ...rest] = parts;
  const shape = extents === undefined ? undefined : shapeOf(extents);
  if (descr === undefined || shape === undefined || rest.length > 0) return 'a field has no valid shape';
  const base = parseNumpyDtype(descr);
  if (typeof base === 'string') return base;
  const itemBytes = base.itemBytes * (shapeElementCount(shape) ?? Number.NaN);
  return Number.isSafeInteger(itemBytes) ? { base, shape, itemBytes } : 'the shape of a field overflows';
}

/** The extents of a literal shape, `(3,)` or a single number; `undefined` for anything else. */
export function shapeOf(literal: PythonLiteral): number[] | undefined {
  if (typeof literal === 'number') return [literal];
  if (literal === null || typeof literal !== 'object' || !('tuple' in literal)) return undefined;
  const extents = literal.tuple.filter((extent) => typeof extent === 'number' && extent >= 0);
  return extents.length === literal.tuple.length ? (extents as number[]) : undefined;
}

/** The name of a field, and how it is written; a title beside it is kept in the text. */
function nameOf(
  literal: PythonLiteral | undefined,
): { readonly name: string; readonly text: string } | undefined {
  if (typeof literal === 'string') return { name: literal, text: quotedPython(literal) };
  if (literal === null || typeof literal !== 'object' || !('tuple' in literal)) return undefined;
  const [title, name] = literal.tuple;
  if (typeof title !== 'string' || typeof name !== 'string') return undefined;
  return { name, text: `(${quotedPython(title)}, ${quotedPython(name)})` };
}

function fieldTypeText(text: string, descr: PythonLiteral, shape: PythonLiteral | undefined): string {
  const type = typeof descr === 'string' ? quotedPython(text) : text;
  const extents = shape === undefined ? undefined : shapeOf(shape);
  return extents === undefined ? type : `${type}, ${pythonTuple(extents)}`;
}

/** A text as a literal of Python. */
export function quotedPython(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** Numbers as a tuple of Python. */
export function pythonTuple(numbers: readonly number[]): string {
  return `(${numbers.join(', ')}${numbers.length === 1 ? ',' : ''})`;
}
