import { elementLayout, type ElementType, type Hdf5ReadOptions, type Value } from '@holdfast/formats';
import type { Dataset, Metadata } from 'h5wasm/node';
import { Hdf5Error } from './hdf5-error.ts';
import { loadH5wasm } from './load-h5wasm.ts';

const [integerClass, floatClass, stringClass, enumClass] = [0, 1, 3, 8];

/**
 * Reads elements of a dataset with h5wasm: numbers and texts.
 *
 * @throws Hdf5Error `unsupported` for what it does not read, or reads out of other files.
 */
export async function readByWasm(file: string, path: string, options: Hdf5ReadOptions): Promise<Value> {
  const { File, Dataset: DatasetClass } = await loadH5wasm();
  const opened = new File(file, 'r');
  try {
    const dataset = opened.get(path);
    if (!(dataset instanceof DatasetClass))
      throw unsupported({ file, path }, 'h5wasm finds no dataset there');
    return valueOf(dataset, { file, path, options });
  } finally {
    opened.close();
  }
}

function valueOf(
  dataset: Dataset,
  {
    file,
    path,
    options,
  }: { readonly file: string; readonly path: string; readonly options: Hdf5ReadOptions },
): Value {
  const { metadata } = dataset;
  const shape = metadata.shape ?? [];
  const outside = metadata.virtual_sources?.find((source) => source.file_name !== '.');
  if (outside !== undefined)
    throw unsupported({ file, path }, `the dataset is virtual, and its elements are in ${outside.file_name}`);
  const start = options.start ?? shape.map(() => 0);
  const count = options.count ?? shape.map((extent, dimension) => extent - (start[dimension] ?? 0));
  const ranges = start.map((from, dimension): [number, number] => [from, from + (count[dimension] ?? 0)]);
  const found = shape.length === 0 ? dataset.value : dataset.slice(ranges);
  if (metadata.type === stringClass)
    return { kind: 'text', data: [found].flat() as string[], shape: count, order: 'row-major' };
  const dtype = numberType(metadata);
  if (dtype === undefined) throw unsupported({ file, path }, 'h5wasm has no form for elements of this type');
  const { array } = elementLayout(dtype);
  const data = ArrayBuffer.isView(found) ? found : scalar(array, found);
  return {
    kind: 'numeric',
    dtype,
    shape: count,
    order: 'row-major',
    data: data as InstanceType<typeof array>,
  };
}

function numberType({ type, size, signed, enum_type: enumeration }: Metadata): ElementType | undefined {
  const base = type === enumClass ? enumeration?.type : type;
  if (base === floatClass) return size === 4 ? 'float32' : size === 8 ? 'float64' : undefined;
  if (base !== integerClass || ![1, 2, 4, 8].includes(size)) return undefined;
  return `${signed ? 'int' : 'uint'}${8 * size}` as ElementType;
}

function scalar(array: ReturnType<typeof elementLayout>['array'], value: unknown): ArrayBufferView {
  const data = new array(1);
  (data as { [index: number]: unknown })[0] = value;
  return data;
}

function unsupported(
  { file, path }: { readonly file: string; readonly path: string },
  reason: string,
): Hdf5Error {
  const hint = 'Read it with h5py, or store its elements in this file there.';
  return new Hdf5Error({ code: 'unsupported', file, dataset: path, reason, hint });
}
