import { hdf5Unsupported } from '../hdf5/hdf5-error.ts';
import { bytesOfElements, hostByteOrder, makeElements } from '../value/element-bytes.ts';
import type { ElementData, ElementType } from '../value/element-type.ts';
import type { NumericArray, Value } from '../value/value.ts';
import { widen } from './matlab-numbers.ts';
import type { Matlab73Object } from './matlab73-object.ts';

/** What numbers are due. */
interface Due {
  readonly dtype: ElementType;
  /** Offset in the file, for errors. */
  readonly at: number;
}

/** The elements of a dataset in the order of MATLAB. */
export async function numbers73({
  object,
  dtype = 'float64',
  dims,
  isEmpty,
}: Matlab73Object): Promise<NumericArray> {
  const data =
    isEmpty || object.kind !== 'dataset'
      ? makeElements(dtype, 0)
      : elements73(await object.read(), { dtype, at: object.offset });
  return { kind: 'numeric', dtype, shape: dims, order: 'column-major', data };
}

/** Elements that were read in the type of their class. Complex numbers are parts beside each other. */
function elements73(value: Value, { dtype, at }: Due): ElementData {
  if (value.kind === 'table') {
    const [real, imaginary] = value.columns.map((column) =>
      elements73(column.value, { dtype: partOf(dtype), at }),
    );
    const data = makeElements(dtype, real?.length ?? 0);
    for (let index = 0; index < (real?.length ?? 0); index += 1) {
      data[2 * index] = real?.[index] ?? 0;
      data[2 * index + 1] = imaginary?.[index] ?? 0;
    }
    return data;
  }
  if (value.kind !== 'numeric')
    throw hdf5Unsupported(`a value of kind ${value.kind} is stored where numbers are due`, at);
  const isSame = value.dtype === dtype && dtype !== 'bool';
  if (isSame) return value.data;
  if (!value.dtype.startsWith('complex')) return widen(value.data, dtype);
  throw hdf5Unsupported(`numbers of type ${value.dtype} are stored where ${dtype} are due`, at);
}

/** The same as bytes in the order of this machine. */
export function bytes73(value: Value, due: Due): Uint8Array {
  return bytesOfElements(due.dtype, elements73(value, due), hostByteOrder);
}

function partOf(dtype: ElementType): ElementType {
  return dtype === 'complex64' ? 'float32' : 'float64';
}
