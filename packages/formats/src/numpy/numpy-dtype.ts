import { shapeElementCount } from '../tensor/shape-element-count.ts';
import type { PythonLiteral } from './python-literal.ts';

/** An element type of NumPy, simple or structured. */
export interface NumpyDtype {
  /** Such as `<f4`, or `[('x', '<f8'), ('name', '<U8', (2,))]` for a structured type. */
  readonly text: string;
  /** Bytes of one element; of an object its size is unknown and this is 0. */
  readonly itemBytes: number;
  /** Whether elements, or fields of them, are Python objects, which are stored as a pickle. */
  readonly hasObjects: boolean;
  /** The same in common words, for simple types that have them. */
  readonly elementType?: string;
}

const simplePattern = /^[<>|=]?([?biufcOSUV]|[mM](?=8))(\d*)(?:(?<=[mM]8)\[\d*[A-Za-z]+(?:\/\d+)?\])?$/;
const wordOfKind: ReadonlyMap<string, string> = new Map([
  ['i', 'int'],
  ['u', 'uint'],
  ['f', 'float'],
  ['c', 'complex'],
]);
const widthsOfKind: ReadonlyMap<string, ReadonlySet<number>> = new Map([
  ['b', new Set([1])],
  ['i', new Set([1, 2, 4, 8])],
  ['u', new Set([1, 2, 4, 8])],
  ['f', new Set([2, 4, 8, 12, 16])],
  ['c', new Set([8, 16, 24, 32])],
  ['m', new Set([8])],
  ['M', new Set([8])],
]);

/**
 * Reads the `descr` of an array header. Gives the reason where it is no element type.
 *
 * @see https://numpy.org/doc/stable/reference/arrays.interface.html for the strings
 */
export function parseNumpyDtype(descr: PythonLiteral): NumpyDtype | string {
  if (typeof descr === 'string') return parseSimple(descr);
  if (Array.isArray(descr)) return parseStructured(descr as readonly PythonLiteral[]);
  if (descr !== null && typeof descr === 'object' && 'tuple' in descr) return parseSubarray(descr.tuple);
  return 'the element type is neither a text nor a list of fields';
}

function parseSimple(text: string): NumpyDtype | string {
  const match = simplePattern.exec(text);
  const kind = match?.[1];
  const digits = match?.[2] ?? '';
  if (kind === undefined) return `the element type '${text.slice(0, 40)}' is unknown`;
  if (kind === 'O') return { text, itemBytes: 0, hasObjects: true };
  if (kind === '?') return { text, itemBytes: 1, hasObjects: false, elementType: 'bool' };
  const width = Number(digits);
  if (digits === '' || !Number.isSafeInteger(width))
    return `the element type '${text.slice(0, 40)}' has no size`;
  if (kind === 'S' || kind === 'V') return { text, itemBytes: width, hasObjects: false };
  if (kind === 'U') return { text, itemBytes: width * 4, hasObjects: false };
  if (widthsOfKind.get(kind)?.has(width) !== true)
    return `the element type '${text.slice(0, 40)}' is unknown`;
  const elementType = kind === 'b' ? 'bool' : wordOfKind.get(kind);
  return {
    text,
    itemBytes: width,
    hasObjects: false,
    ...(elementType === undefined
      ? {}
      : { elementType: kind === 'b' ? elementType : `${elementType}${width * 8}` }),
  };
}

function parseStructured(fields: readonly PythonLiteral[]): NumpyDtype | string {
  const texts: string[] = [];
  let itemBytes = 0;
  let hasObjects = false;
  for (const field of fields) {
    if (field === null || typeof field !== 'object' || !('tuple' in field)) return 'a field is no tuple';
    const [name, descr, shape, ...rest] = field.tuple;
    const title = nameText(name);
    if (title === undefined || descr === undefined || rest.length > 0)
      return 'a field is not a name, a type and a shape';
    const type = shape === undefined ? parseNumpyDtype(descr) : parseSubarray([descr, shape]);
    if (typeof type === 'string') return type;
    texts.push(`(${title}, ${fieldTypeText(type.text, descr, shape)})`);
    itemBytes += type.itemBytes;
    hasObjects ||= type.hasObjects;
  }
  if (!Number.isSafeInteger(itemBytes)) return 'the element type is too large';
  return { text: `[${texts.join(', ')}]`, itemBytes, hasObjects };
}

function parseSubarray(parts: readonly PythonLiteral[]): NumpyDtype | string {
  const [descr, shape, ...rest] = parts;
  const extents = shape === undefined ? undefined : shapeOf(shape);
  if (descr === undefined || extents === undefined || rest.length > 0) return 'a field has no valid shape';
  const base = parseNumpyDtype(descr);
  if (typeof base === 'string') return base;
  const itemBytes = base.itemBytes * (shapeElementCount(extents) ?? Number.NaN);
  if (!Number.isSafeInteger(itemBytes)) return 'the shape of a field overflows';
  return { text: base.text, itemBytes, hasObjects: base.hasObjects };
}

/** The extents of a literal shape, `(3,)` or a single number; `undefined` for anything else. */
export function shapeOf(literal: PythonLiteral): number[] | undefined {
  if (typeof literal === 'number') return [literal];
  if (literal === null || typeof literal !== 'object' || !('tuple' in literal)) return undefined;
  const extents = literal.tuple.filter((extent) => typeof extent === 'number' && extent >= 0);
  return extents.length === literal.tuple.length ? (extents as number[]) : undefined;
}

function nameText(name: PythonLiteral | undefined): string | undefined {
  if (typeof name === 'string') return quoted(name);
  if (name === null || typeof name !== 'object' || !('tuple' in name)) return undefined;
  const [title, field] = name.tuple;
  if (typeof title !== 'string' || typeof field !== 'string') return undefined;
  return `(${quoted(title)}, ${quoted(field)})`;
}

function fieldTypeText(text: string, descr: PythonLiteral, shape: PythonLiteral | undefined): string {
  const type = typeof descr === 'string' ? quoted(text) : text;
  const extents = shape === undefined ? undefined : shapeOf(shape);
  return extents === undefined ? type : `${type}, (${extents.join(', ')}${extents.length === 1 ? ',' : ''})`;
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
