import { datasetSource } from '../hdf5/dataset-source.ts';
import { hdf5Unsupported } from '../hdf5/hdf5-error.ts';
import type { Hdf5File, Hdf5Group, Hdf5Link, Hdf5Object } from '../hdf5/hdf5-file.ts';
import { aLink } from '../hdf5/hdf5-link.ts';
import { openHdf5 } from '../hdf5/read-hdf5.ts';
import type { ByteRangeSource } from '../source/byte-range-source.ts';
import { bytesSource } from '../source/bytes-source.ts';
import { elementBytes, hostByteOrder } from '../value/element-bytes.ts';
import { lazyArray, product } from '../value/lazy-array.ts';
import type { LazyValue } from '../value/lazy-value.ts';
import { lazyWhole } from '../value/lazy-whole.ts';
import type { Value } from '../value/value.ts';
import type { OpenOptions } from '../zip/zip-file.ts';
import { matVariable, type MatVariable } from './mat-variable.ts';
import { textShape } from './matlab-text.ts';
import { bytes73 } from './matlab73-numbers.ts';
import { describe73, type Matlab73Object } from './matlab73-object.ts';
import { Matlab73Reader } from './matlab73-values.ts';

/** Groups whose names begin so hold what variables refer to, and what MATLAB alone understands. */
const internalPrefix = '#';

/** One variable of a file of version 7.3, described. */
export interface Matlab73Variable {
  readonly name: string;
  readonly described: Matlab73Object;
}

/** Lists the variables of a MATLAB file of version 7.3, sorted by name as MATLAB writes them. Values are not read. */
export async function listMatlab73(source: ByteRangeSource, options: OpenOptions): Promise<MatVariable[]> {
  const file = await openHdf5(source, options);
  const variables: MatVariable[] = [];
  for await (const { name, described } of variablesOf(file)) variables.push(variable(file, name, described));
  return variables;
}

/** The variables of an opened file, in the order of their names. */
export async function* variablesOf({ root }: Hdf5File): AsyncGenerator<Matlab73Variable> {
  const links = (await root.links()).filter(({ name }) => !name.startsWith(internalPrefix));
  for (const link of links) yield { name: link.name, described: await describe73(await target(root, link)) };
}

async function target(root: Hdf5Group, { name, target: to }: Hdf5Link): Promise<Hdf5Object> {
  const object = await root.open(name);
  if (object !== undefined) return object;
  throw hdf5Unsupported(`the variable ${name} is ${aLink(to)}, which is not followed`, root.offset);
}

function variable(file: Hdf5File, name: string, described: Matlab73Object): MatVariable {
  const { className, kind, dims, object } = described;
  const shape = kind === 'text' ? textShape(dims) : dims;
  const common = { name, shape, order: 'column-major', typeText: className } as const;
  const value =
    kind === 'numeric'
      ? numericVariable(common, described)
      : lazyWhole({ ...common, kind, load: () => new Matlab73Reader(file).read(described) });
  const storedBytes = object.kind === 'dataset' ? product(object.shape) * object.type.sizeBytes : 0;
  return matVariable(value, { className, dims, storedBytes });
}

/** Read by range: MATLAB's slowest dimension is the first one of the dataset. */
function numericVariable(
  common: Pick<LazyValue, 'name' | 'shape' | 'order' | 'typeText'>,
  { object, dtype = 'float64', isEmpty }: Matlab73Object,
): LazyValue {
  const open = (): ByteRangeSource => {
    if (isEmpty || object.kind !== 'dataset') return bytesSource(new Uint8Array(0));
    const bytesOf = (value: Value): Uint8Array => bytes73(value, { dtype, at: object.offset });
    return datasetSource(object, { itemBytes: elementBytes(dtype, 1), bytesOf });
  };
  return lazyArray({ ...common, dtype, byteOrder: hostByteOrder, open });
}
