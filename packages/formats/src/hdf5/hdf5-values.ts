import { FormatError } from '../format-error.ts';
import type { ByteRangeSource } from '../source/byte-range-source.ts';
import { bytesOfElements, hostByteOrder } from '../value/element-bytes.ts';
import { lazyArray } from '../value/lazy-array.ts';
import type { LazyValue } from '../value/lazy-value.ts';
import { lazyWhole } from '../value/lazy-whole.ts';
import type { Value } from '../value/value.ts';
import type { OpenOptions } from '../zip/zip-file.ts';
import { datasetSource } from './dataset-source.ts';
import { elementTypeOf, shapeOf } from './decode-elements.ts';
import type { Hdf5Dataset, Hdf5Group, Hdf5ReadOptions } from './hdf5-file.ts';
import { linkText } from './hdf5-link.ts';
import { openHdf5 } from './read-hdf5.ts';
import { type Hdf5Entry, walkHdf5 } from './walk-hdf5.ts';

/** What datasets of a file are read by, and what the root says about them. */
export interface Hdf5Values {
  /** Named by their paths, such as `train/signals`. */
  readonly values: readonly LazyValue[];
  /** The attributes of the root that are texts. */
  readonly metadata: { readonly [key: string]: string };
}

/**
 * Every dataset of a file as a value, named by its path; with several names it comes once for each. Soft links give other
 * names to what is listed anyway and are left out; links to other files, and datasets without elements that can be read,
 * are opaque values.
 */
export async function openHdf5Values(source: ByteRangeSource, options: OpenOptions): Promise<Hdf5Values> {
  const { root } = await openHdf5(source, options);
  const values: LazyValue[] = [];
  for await (const entry of walkHdf5(root)) {
    const value = await valueOf(root, entry);
    if (value !== undefined) values.push(value);
  }
  return { values, metadata: await textsOf(root) };
}

async function valueOf(root: Hdf5Group, entry: Hdf5Entry): Promise<LazyValue | undefined> {
  const { path, link, sameAs } = entry;
  const name = path.slice(1);
  const object = sameAs === undefined ? entry.object : await root.open(name);
  if (object?.kind === 'dataset') return datasetValue(name, object);
  return object === undefined && link.target.kind !== 'soft'
    ? unread(name, linkText(link.target))
    : undefined;
}

function datasetValue(name: string, dataset: Hdf5Dataset): LazyValue {
  const { type, typeText, valueKind } = dataset;
  if (dataset.isNull) return unread(name, 'empty');
  if (valueKind === 'opaque' || type.class === 'reference') return unread(name, typeText);
  const common = { name, shape: shapeOf(type, dataset.shape), order: 'row-major', typeText } as const;
  const dtype = elementTypeOf(type);
  const named = { ...dataset, read: (box?: Hdf5ReadOptions) => readNamed(dataset, name, box) };
  if (dtype === undefined) return lazyWhole({ ...common, kind: valueKind, load: () => named.read() });
  const bytesOf = (value: Value): Uint8Array =>
    value.kind === 'numeric' ? bytesOfElements(dtype, value.data, hostByteOrder) : new Uint8Array(0);
  const open = (): ByteRangeSource => datasetSource(named, { itemBytes: type.sizeBytes, bytesOf });
  return lazyArray({ ...common, dtype, byteOrder: hostByteOrder, open });
}

/** What an error is about shows in it. */
async function readNamed(dataset: Hdf5Dataset, name: string, box?: Hdf5ReadOptions): Promise<Value> {
  try {
    return await dataset.read(box);
  } catch (error) {
    if (!FormatError.isInstance(error)) throw error;
    const { format, offset, reason, hint, isUnsupported } = error;
    const named = { format, offset, reason: `in ${name}, ${reason}`, hint, isUnsupported };
    throw new FormatError({ ...named, cause: error });
  }
}

/** What has a name and no elements that are read. */
function unread(name: string, typeText: string): LazyValue {
  const value: Value = { kind: 'opaque', className: typeText, type: 'hdf5' };
  return lazyWhole({
    name,
    kind: 'opaque',
    shape: [],
    order: 'row-major',
    typeText,
    load: async () => value,
  });
}

async function textsOf(root: Hdf5Group): Promise<{ readonly [key: string]: string }> {
  const texts: [string, string][] = [];
  for (const attribute of await root.attributes()) {
    const isText = ['string', 'variable-string'].includes(attribute.type.class) && !attribute.isNull;
    if (!isText || attribute.shape.length > 0) continue;
    const value = await attribute.read();
    if (value.kind === 'text') texts.push([attribute.name, value.data[0] ?? '']);
  }
  return Object.fromEntries(texts);
}
