import { FormatError } from '../format-error.ts';
import type { ByteRangeSource } from '../source/byte-range-source.ts';
import { bytesOfElements, hostByteOrder } from '../value/element-bytes.ts';
import { lazyArray } from '../value/lazy-array.ts';
import type { LazyValue, Unread } from '../value/lazy-value.ts';
import { lazyWhole } from '../value/lazy-whole.ts';
import type { Lost, ValueGroup } from '../value/value-attribute.ts';
import type { Value } from '../value/value.ts';
import type { OpenOptions } from '../zip/zip-file.ts';
import { attributeValues } from './attribute-values.ts';
import { datasetSource } from './dataset-source.ts';
import { elementTypeOf, shapeOf } from './decode-elements.ts';
import { followPath } from './follow-path.ts';
import type { Hdf5Dataset, Hdf5Group, Hdf5ReadOptions } from './hdf5-file.ts';
import { aLink, type Hdf5LinkTarget, linkText } from './hdf5-link.ts';
import { holdsReferences, lostOfType } from './lost-of-type.ts';
import { openHdf5 } from './read-hdf5.ts';
import { isUndone } from './undo-filters.ts';
import { type Hdf5Entry, walkHdf5 } from './walk-hdf5.ts';

/** What datasets of a file are read by, and what the file states beside them. */
export interface Hdf5Values {
  /** Named by their paths, such as `train/signals`. */
  readonly values: readonly LazyValue[];
  /** The attributes of the root that are texts. */
  readonly metadata: { readonly [key: string]: string };
  /** Every group, the root first. */
  readonly groups: readonly ValueGroup[];
  /** Objects that are neither values nor groups. */
  readonly lost: readonly Lost[];
}

/**
 * Every dataset of a file as a value, named by its path; with several names it comes once for each. Links, and datasets without
 * elements that can be read, are values with a reason in `unread`.
 */
export async function openHdf5Values(source: ByteRangeSource, options: OpenOptions): Promise<Hdf5Values> {
  const { root } = await openHdf5(source, options);
  const values: LazyValue[] = [];
  const groups: ValueGroup[] = [groupOf('', root)];
  const lost: Lost[] = [];
  for await (const entry of walkHdf5(root)) {
    const name = entry.path.slice(1);
    const object = await objectOf(root, entry);
    if (entry.link.target.kind !== 'hard') values.push(linkValue(root, name, entry.link.target));
    else if (object?.kind === 'dataset') values.push(await datasetValue(name, object));
    else if (object?.kind === 'type') lost.push({ name, what: 'named type' });
    else if (entry.sameAs !== undefined)
      lost.push({ name, what: `second name of the group ${entry.sameAs}` });
    else if (object !== undefined) groups.push(groupOf(name, object));
  }
  return { values, metadata: await textsOf(root), groups, lost };
}

async function objectOf(root: Hdf5Group, { path, sameAs, object }: Hdf5Entry): Promise<Hdf5Entry['object']> {
  return sameAs === undefined || sameAs === '/' ? object : root.open(path);
}

function groupOf(path: string, group: Hdf5Group): ValueGroup {
  return { path, attributes: () => attributeValues(group) };
}

function linkValue(root: Hdf5Group, name: string, target: Hdf5LinkTarget): LazyValue {
  const follow = async (): Promise<LazyValue | undefined> => {
    const object = target.kind === 'soft' ? await followPath(root, name) : undefined;
    return object?.kind === 'dataset' ? datasetValue(name, object) : undefined;
  };
  return unreadValue(name, linkText(target), { reason: `is ${aLink(target)}`, link: { follow } });
}

async function datasetValue(name: string, dataset: Hdf5Dataset): Promise<LazyValue> {
  const { type, typeText, valueKind } = dataset;
  if (dataset.isNull) return unreadValue(name, 'empty', { reason: 'is empty: a dataset without elements' });
  if (holdsReferences(type))
    return unreadValue(name, typeText, { reason: 'holds references, which lead to objects of its own file' });
  if (valueKind === 'opaque')
    return unreadValue(name, typeText, { reason: `has elements of a type (${typeText}) that is not read` });
  const attributes = (): ReturnType<typeof attributeValues> => attributeValues(dataset);
  const [unread, lost] = [await reasonUnread(dataset), lostOfType(type)];
  const described = { name, shape: shapeOf(type, dataset.shape), order: 'row-major', typeText } as const;
  const common = { ...described, unread, lost, attributes };
  const dtype = elementTypeOf(type);
  const named = { ...dataset, read: (box?: Hdf5ReadOptions) => readNamed(dataset, name, box) };
  if (dtype === undefined) return lazyWhole({ ...common, kind: valueKind, load: () => named.read() });
  const bytesOf = (value: Value): Uint8Array =>
    value.kind === 'numeric' ? bytesOfElements(dtype, value.data, hostByteOrder) : new Uint8Array(0);
  const open = (): ByteRangeSource => datasetSource(named, { itemBytes: type.sizeBytes, bytesOf });
  return {
    ...lazyArray({ ...described, dtype, byteOrder: hostByteOrder, open }),
    unread,
    lost,
    attributes,
  };
}

/** Why the elements of a dataset cannot be read; only those stored in an unusual way are tried, one element of each. */
async function reasonUnread(dataset: Hdf5Dataset): Promise<Unread | undefined> {
  const { layout, filters, shape } = dataset;
  const isUsual = layout !== 'virtual' && layout !== 'external' && filters.every(isUndone);
  if (isUsual || shape.includes(0)) return undefined;
  try {
    await dataset.read({ start: shape.map(() => 0), count: shape.map(() => 1) });
    return undefined;
  } catch (error) {
    if (!FormatError.isInstance(error) || !error.isUnsupported) throw error;
    return { reason: `cannot be read: ${error.reason}`, hint: error.hint };
  }
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
function unreadValue(name: string, typeText: string, unread: Unread): LazyValue {
  const value: Value = { kind: 'opaque', className: typeText, type: 'hdf5' };
  const described = { name, kind: 'opaque', shape: [], order: 'row-major', typeText } as const;
  return lazyWhole({ ...described, unread, load: async () => value });
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
