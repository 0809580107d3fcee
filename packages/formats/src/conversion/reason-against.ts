import { encodeElementType } from '../hdf5/write/encode-datatype.ts';
import { classOfElementType } from '../matlab/encode-mat-array.ts';
import { numpyTypeOf } from '../numpy/to-npy-array.ts';
import { torchTypeOf } from '../pytorch/torch-types.ts';
import { metadataName } from '../safetensors/encode-safetensors.ts';
import { safetensorsTypeOf } from '../safetensors/safetensors-dtype.ts';
import type { ElementType } from '../value/element-type.ts';
import type { LazyValue } from '../value/lazy-value.ts';
import type { Value } from '../value/value.ts';
import type { ValueFormat } from './open-values.ts';

interface Holding {
  readonly name: string;
  readonly kinds: ReadonlySet<Value['kind']>;
  readonly typeOf: (type: ElementType) => string | undefined;
}

const arrays: ReadonlySet<Value['kind']> = new Set(['numeric', 'text', 'bytes', 'table']);
const holdings: { readonly [format in ValueFormat]: Holding } = {
  numpy: { name: 'NumPy', kinds: arrays, typeOf: (type) => numpyTypeOf(type) },
  numpy_archive: { name: 'NumPy', kinds: arrays, typeOf: (type) => numpyTypeOf(type) },
  safetensors: { name: 'safetensors', kinds: new Set(['numeric']), typeOf: safetensorsTypeOf },
  pytorch_state_dict: { name: 'a state dict of torch', kinds: new Set(['numeric']), typeOf: torchTypeOf },
  hdf5: { name: 'HDF5', kinds: arrays, typeOf: hdf5TypeOf },
  matlab: {
    name: 'MATLAB',
    kinds: new Set(['numeric', 'text', 'bytes', 'cell', 'struct', 'sparse']),
    typeOf: classOfElementType,
  },
};

function hdf5TypeOf(type: ElementType): string | undefined {
  return encodeElementType(type) === undefined ? undefined : type;
}

const mostMatlabBytes = 2 ** 32;

/** Whether a text names a format whose values are written. */
export function isValueFormat(format: string): format is ValueFormat {
  return Object.hasOwn(holdings, format);
}

/**
 * Why a format cannot hold a value, as the end of a sentence about it; `undefined` where it can, as far as that shows before
 * the value is read. What is inside of cells and structs, for example, shows when they are written.
 */
export function reasonAgainst(format: ValueFormat, value: LazyValue): string | undefined {
  const { name, kinds, typeOf } = holdings[format];
  if (value.unread !== undefined) return value.unread.reason;
  if (value.isPlain === true && (format === 'safetensors' || format === 'pytorch_state_dict'))
    return `is a plain value and no tensor, which ${name} has no place for`;
  if (value.kind === 'opaque')
    return 'is an object of a program, such as a function, and no format is written with those';
  if (!kinds.has(value.kind)) return `is of a kind (${value.kind}) that ${name} has no place for`;
  if (value.dtype !== undefined && typeOf(value.dtype) === undefined)
    return `has elements of a type (${value.dtype}) that ${name} does not have`;
  if (format === 'matlab' && (value.sizeBytes ?? 0) >= mostMatlabBytes)
    return `takes ${value.sizeBytes} bytes, and a variable of ${name} can take 4 GiB`;
  if (format === 'safetensors' && value.name === metadataName)
    return `has the name that ${name} keeps for the metadata`;
  return undefined;
}
