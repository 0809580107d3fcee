import { decodeNumpy } from '../numpy/decode-numpy.ts';
import { type NumpyDtype, parseNumpyDtype } from '../numpy/numpy-dtype.ts';
import { shapeElementCount } from '../tensor/shape-element-count.ts';
import { elementAt } from '../value/element-at.ts';
import type { Rebuild } from './rebuild.ts';
import { torchError } from './torch-error.ts';
import type { NumpyValue, TorchObject, TorchValue } from './torch-value.ts';

/** A type whose byte order comes as its state. */
interface NumpyTypeObject extends TorchObject {
  order: string;
}

const simpleType = /^(?:\|?b1|[<>|=]?[iufcSUV]\d+)$/;

/** An element type: `numpy.dtype('f4', False, True)`, whose state then gives the byte order. */
const dtype: Rebuild = (given, { onBuild }) => {
  const type: NumpyTypeObject = {
    kind: 'opaque',
    type: 'object',
    className: 'numpy.dtype',
    given,
    order: '<',
  };
  onBuild(type, (state) => {
    const order = Array.isArray(state) ? (state as TorchValue[])[1] : undefined;
    if (order === '<' || order === '>') type.order = order;
  });
  return type;
};

/** A single value: a type and its bytes. */
const scalar: Rebuild = ([type, bytes], { at }) => {
  const value = decode({ type, shape: [], order: 'row-major', bytes, at });
  if (value.kind !== 'numeric') return value.kind === 'text' ? (value.data[0] ?? '') : value;
  const element = elementAt(value, 0);
  return typeof element === 'object' ? value : element;
};

/** An array whose shape, type and bytes come as its state. */
const reconstructed: Rebuild = (_, { onBuild }) => {
  const array: TorchObject = { kind: 'opaque', type: 'object', className: 'numpy.ndarray', given: [] };
  onBuild(array, (state, at) => {
    const [, shape, type, isFortran, bytes] = Array.isArray(state) ? (state as TorchValue[]) : [];
    const order = isFortran === true ? 'column-major' : 'row-major';
    Object.assign(array, decode({ type, shape, order, bytes, at }));
  });
  return array;
};

/** What NumPy names in a pickle, in its older and newer modules. */
export const numpyGlobals: readonly (readonly [string, Rebuild])[] = [
  ['numpy.dtype', dtype],
  ['numpy.ndarray', reconstructed],
  ...['numpy.core.multiarray', 'numpy._core.multiarray'].flatMap((module): (readonly [string, Rebuild])[] => [
    [`${module}.scalar`, scalar],
    [`${module}._reconstruct`, reconstructed],
  ]),
];

interface NumpyParts {
  readonly type: TorchValue | undefined;
  readonly shape: TorchValue | undefined;
  readonly order: 'row-major' | 'column-major';
  readonly bytes: TorchValue | undefined;
  readonly at: number;
}

function decode({ type, shape, order, bytes, at }: NumpyParts): NumpyValue {
  const extents = Array.isArray(shape) ? (shape as TorchValue[]).map(Number) : [];
  const parsed = parseType(type);
  const content =
    typeof bytes === 'string' ? Uint8Array.from(bytes, (letter) => letter.charCodeAt(0)) : bytes;
  const count = shapeElementCount(extents);
  if (parsed === undefined || count === undefined || !(content instanceof Uint8Array))
    throw torchError('an array of NumPy states no element type, shape and bytes that are read', at);
  if (content.length !== count * parsed.itemBytes)
    throw torchError(
      `an array of NumPy needs ${count * parsed.itemBytes} bytes and has ${content.length}`,
      at,
    );
  const errorOf = (reason: string): Error => torchError(reason, at);
  return decodeNumpy({ dtype: parsed, shape: extents, order, bytes: content, errorOf }) as NumpyValue;
}

function parseType(type: TorchValue | undefined): NumpyDtype | undefined {
  if (typeof type !== 'object' || type === null || !('order' in type) || !('given' in type)) return undefined;
  const [text] = type.given as readonly TorchValue[];
  if (typeof text !== 'string' || !simpleType.test(text)) return undefined;
  const parsed = parseNumpyDtype(`${type.order}${text.replace(/^[<>|=]/, '')}`);
  return typeof parsed === 'string' ? undefined : parsed;
}
