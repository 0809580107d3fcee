import { shapeElementCount } from '../tensor/shape-element-count.ts';
import { isElementType } from '../value/element-type.ts';
import { numpyGlobals } from './numpy-globals.ts';
import { openTensor } from './open-tensor.ts';
import { isOpenableStorage } from './openable-storage.ts';
import type { RebuildContext, Rebuild } from './rebuild.ts';
import { torchError, torchUnsupported } from './torch-error.ts';
import { torchTypes } from './torch-types.ts';
import { plainTextOf, isTorchTensor, type TorchValue } from './torch-value.ts';

const attributeMaps = [
  'argparse.Namespace',
  'types.SimpleNamespace',
  'pytorch_lightning.utilities.parsing.AttributeDict',
  'lightning_fabric.utilities.data.AttributeDict',
  'lightning.fabric.utilities.data.AttributeDict',
  'lightning.pytorch.utilities.parsing.AttributeDict',
];

/** A dictionary, of pairs or of another; what it would be filled with later comes by itself. */
const dictionary: Rebuild = ([content]) => {
  if (content instanceof Map) return new Map(content);
  const pairs = Array.isArray(content) ? (content as TorchValue[]) : [];
  return new Map(
    pairs.map((pair) =>
      Array.isArray(pair) ? [pair[0] as TorchValue, pair[1] as TorchValue] : [pair, null],
    ),
  );
};

/** A dictionary whose entries come as its state. */
const attributes: Rebuild = (given, context) => {
  const map = dictionary(given, context) as Map<TorchValue, TorchValue>;
  context.onBuild(map, (state) => {
    if (state instanceof Map) for (const [key, value] of state) map.set(key, value);
  });
  return map;
};

const items: Rebuild = ([content]) =>
  content instanceof Set || Array.isArray(content) ? [...(content as TorchValue[])] : [];
const set: Rebuild = ([content]) => new Set(Array.isArray(content) ? (content as TorchValue[]) : []);

const tensor: Rebuild = ([storage, offset, size, stride, requiresGrad], context) =>
  rebuildTensor({ storage, offset, size, stride, requiresGrad }, context);

/** As a tensor, with the element type beside the storage, which has none. */
const typedTensor: Rebuild = ([storage, offset, size, stride, requiresGrad, , dtype], context) => {
  if (typeNameOf(dtype) === undefined) throw torchError('a tensor states no element type', context.at);
  return rebuildTensor({ storage, offset, size, stride, requiresGrad, dtype }, context);
};

const parameter: Rebuild = ([data, requiresGrad = true], { at }) => {
  if (data === undefined || !isTorchTensor(data)) throw torchError('a parameter holds no tensor', at);
  return { ...data, requiresGrad: requiresGrad === true };
};

/** A tensor of a subclass, which is made as a plain one is. */
const fromType: Rebuild = ([make, , given], context) => {
  if (make === undefined || !Array.isArray(given))
    throw torchError('a tensor of another class is not made of a list', context.at);
  return context.call(make, given as TorchValue[]);
};

const device: Rebuild = ([name, index]) =>
  index === undefined || index === null ? plainTextOf(name) : `${plainTextOf(name)}:${plainTextOf(index)}`;

/** Bytes, as pickles of protocol 2 spell them. */
const encoded: Rebuild = ([text, encoding], { at }) => {
  if (typeof text !== 'string' || (encoding !== 'latin1' && encoding !== 'latin-1'))
    throw torchError('bytes are encoded in another way than as Latin-1', at);
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
};

const complex: Rebuild = ([real, imaginary]) => ({
  kind: 'numeric',
  dtype: 'complex128',
  shape: [],
  order: 'row-major',
  data: Float64Array.of(Number(real), Number(imaginary)),
});

function refuse(what: string): Rebuild {
  return (_, { at }) => {
    throw torchUnsupported(`${what} are not read`, at);
  };
}

/** The names of Python that are rebuilt, and how. Nothing else is, and nothing is imported. */
export const allowedGlobals: ReadonlyMap<string, Rebuild> = new Map<string, Rebuild>([
  ['torch._utils._rebuild_tensor_v2', tensor],
  ['torch._utils._rebuild_tensor', tensor],
  ['torch._utils._rebuild_tensor_v3', typedTensor],
  ['torch._utils._rebuild_parameter', parameter],
  ['torch._utils._rebuild_parameter_with_state', parameter],
  ['torch._tensor._rebuild_from_type_v2', fromType],
  ['torch._utils._rebuild_qtensor', refuse('quantised tensors')],
  ['torch._utils._rebuild_sparse_tensor', refuse('sparse tensors')],
  ['torch._utils._rebuild_nested_tensor', refuse('nested tensors')],
  ['torch._utils._rebuild_meta_tensor_no_storage', refuse('tensors without data')],
  ['torch.storage._load_from_bytes', refuse('files of torch within bytes')],
  ['torch.Size', items],
  ['torch.device', device],
  ['torch.serialization._get_layout', ([name]) => plainTextOf(name)],
  ['_codecs.encode', encoded],
  ['collections.OrderedDict', dictionary],
  ['collections.defaultdict', () => new Map()],
  ['collections.Counter', dictionary],
  ...['builtins', '__builtin__'].flatMap((module): [string, Rebuild][] => [
    [`${module}.set`, set],
    [`${module}.frozenset`, set],
    [`${module}.list`, items],
    [`${module}.tuple`, items],
    [`${module}.dict`, dictionary],
    [`${module}.bytearray`, ([content]) => (content instanceof Uint8Array ? content : new Uint8Array(0))],
    [`${module}.complex`, complex],
  ]),
  ...attributeMaps.map((name): [string, Rebuild] => [name, attributes]),
  ...numpyGlobals,
]);

interface TensorParts {
  readonly storage: TorchValue | undefined;
  readonly offset: TorchValue | undefined;
  readonly size: TorchValue | undefined;
  readonly stride: TorchValue | undefined;
  readonly requiresGrad: TorchValue | undefined;
  readonly dtype?: TorchValue | undefined;
}

function rebuildTensor(parts: TensorParts, { at, limitBytes }: RebuildContext): TorchValue {
  const { storage, offset, requiresGrad } = parts;
  const [shape, strides] = [extentsOf(parts.size), extentsOf(parts.stride)];
  if (!isOpenableStorage(storage))
    throw torchError('a tensor is made of something that is not a storage', at);
  const isOffset = typeof offset === 'number' && Number.isSafeInteger(offset) && offset >= 0;
  if (
    !isOffset ||
    shape === undefined ||
    strides?.length !== shape.length ||
    shapeElementCount(shape) === undefined
  )
    throw torchError('a tensor states no valid offset, size and strides', at);
  const name = typeNameOf(parts.dtype);
  const dtype = name === undefined ? storage.dtype : (torchTypes.get(name) ?? '');
  if (!isElementType(dtype)) throw torchUnsupported(`the element type ${name} is not read`, at);
  return openTensor(storage, {
    dtype,
    shape,
    strides,
    storageOffset: offset,
    requiresGrad: requiresGrad === true,
    at,
    limitBytes,
  });
}

function extentsOf(value: TorchValue | undefined): number[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const extents = (value as TorchValue[]).filter(
    (extent): extent is number => typeof extent === 'number' && Number.isSafeInteger(extent) && extent >= 0,
  );
  return extents.length === value.length ? extents : undefined;
}

/** The name of an element type, `float32` of `torch.float32`. */
function typeNameOf(value: TorchValue | undefined): string | undefined {
  if (typeof value !== 'object' || value === null || !('className' in value)) return undefined;
  return /^torch\.(\w+)$/.exec(value.className)?.[1];
}
