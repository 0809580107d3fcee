import type {
  InspectionWarning,
  StorageDescription,
  VariableDescription,
} from '../catalog/format-inspection.ts';
import { FormatError } from '../format-error.ts';
import { product } from '../value/lazy-array.ts';
import { mostElements, type ShownElement, shownElements } from '../value/shown-elements.ts';
import { elementTypeOf } from './decode-elements.ts';
import type { Hdf5Dataset, Hdf5Group, Hdf5Link, Hdf5Object } from './hdf5-file.ts';
import { filterIds, type Hdf5Filter } from './hdf5-filters.ts';
import { linkText } from './hdf5-link.ts';
import type { Hdf5Attribute } from './read-attributes.ts';

/** What a file holds by name, and what kept some from being listed. */
export interface DescribedTree {
  readonly variables: readonly VariableDescription[];
  readonly warnings: readonly InspectionWarning[];
  readonly groupCount: number;
  readonly datasetCount: number;
  /** Whether the counts are only of what was looked at. */
  readonly isPartial: boolean;
}

const mostNames = 10_000;
const deepestShown = 64;

/**
 * Describes the groups, datasets, links and attributes of a file. Elements are not read, and each
 * object is described once.
 *
 * @param onLimit Called with what is thrown for other reasons than damage: throws it again, or takes it as a limit.
 */
export async function describeTree(
  open: () => Promise<Hdf5Group>,
  onLimit: (error: unknown) => void,
): Promise<DescribedTree> {
  const description = new TreeDescription();
  const variables: VariableDescription[] = [];
  const warnings: InspectionWarning[] = [];
  try {
    await description.add(await open(), variables, 0);
  } catch (error) {
    if (!FormatError.isInstance(error)) onLimit(error);
    else {
      const message = `Not all objects are listed: at byte ${error.offset}, ${error.reason}.`;
      warnings.push({ code: 'variables-not-listed', message });
    }
  }
  if (description.isCut)
    warnings.push({
      code: 'variables-not-listed',
      message: `Not all objects are listed: at most ${mostNames} names are, and ${deepestShown} groups inside of each other.`,
    });
  const { groupCount, datasetCount } = description;
  return { variables, warnings, groupCount, datasetCount, isPartial: warnings.length > 0 };
}

/** Gathers a tree; what was gathered stays when a part of it turns out to be damaged. */
class TreeDescription {
  readonly #known = new Map<number, string>();
  #nameCount = 0;
  isCut = false;
  groupCount = 0;
  datasetCount = 0;

  async add(group: Hdf5Group, into: VariableDescription[], depth: number): Promise<void> {
    this.#known.set(group.address, group.path);
    this.groupCount += 1;
    for (const attribute of await attributesOf(group)) this.#push(into, attribute);
    for (const link of await group.links()) {
      if (this.isCut) return;
      await this.#addLink(group, { link, depth }, into);
    }
  }

  async #addLink(
    group: Hdf5Group,
    { link, depth }: { readonly link: Hdf5Link; readonly depth: number },
    into: VariableDescription[],
  ): Promise<void> {
    const { name, target } = link;
    const earlier = target.kind === 'hard' ? this.#known.get(target.address) : undefined;
    if (target.kind !== 'hard' || earlier !== undefined) {
      this.#push(into, {
        name,
        type: earlier === undefined ? linkText(target) : `same as ${earlier}`,
        shape: [],
      });
      return;
    }
    const object = await group.open(name);
    if (object === undefined) return;
    this.#known.set(object.address, object.path);
    const children = object.kind === 'group' ? [] : await attributesOf(object);
    const isParent = object.kind === 'group' || children.length > 0;
    this.#push(into, { ...describeObject(name, object), ...(isParent ? { children } : {}) });
    if (object.kind === 'dataset') this.datasetCount += 1;
    if (object.kind !== 'group') return;
    if (depth < deepestShown) await this.add(object, children, depth + 1);
    else this.isCut = true;
  }

  #push(into: VariableDescription[], description: VariableDescription): void {
    if (this.#nameCount === mostNames) this.isCut = true;
    if (this.isCut) return;
    this.#nameCount += 1;
    into.push(description);
  }
}

async function attributesOf(object: Hdf5Object): Promise<VariableDescription[]> {
  const described: VariableDescription[] = [];
  for (const attribute of await object.attributes()) {
    const { name, typeText: type, shape } = attribute;
    const values = await valuesOf(attribute);
    described.push({ name: `@${name}`, type, shape, ...(values === undefined ? {} : { values }) });
  }
  return described;
}

/** The elements of a small attribute; `undefined` where they are many, or not read. */
async function valuesOf(attribute: Hdf5Attribute): Promise<readonly ShownElement[] | undefined> {
  if (attribute.isNull || product(attribute.shape) > mostElements) return undefined;
  if (attribute.type.class === 'reference') return undefined;
  try {
    return shownElements(await attribute.read());
  } catch (error) {
    if (FormatError.isInstance(error) && error.isUnsupported) return undefined;
    throw error;
  }
}

function describeObject(name: string, object: Hdf5Object): VariableDescription {
  if (object.kind === 'group') return { name, type: 'group', shape: [] };
  if (object.kind === 'type') return { name, type: `type ${object.typeText}`, shape: [] };
  const dtype = elementTypeOf(object.type);
  const size = dtype === undefined ? {} : { sizeBytes: sizeOf(object) };
  const storage = storageOf(object);
  const described = { name, type: object.typeText, shape: object.shape, ...size };
  return storage === undefined ? described : { ...described, storage };
}

function sizeOf({ shape, type }: Hdf5Dataset): number {
  return product(shape) * type.sizeBytes;
}

/** How a dataset is stored; `undefined` where its elements simply follow each other. */
function storageOf({ layout, chunk, filters, shape, maxShape }: Hdf5Dataset): StorageDescription | undefined {
  const isResizable = maxShape.some((most, dimension) => most !== shape[dimension]);
  if (layout === 'contiguous' && !isResizable) return undefined;
  return {
    layout,
    ...(chunk === undefined ? {} : { chunk }),
    ...(isResizable ? { maxShape: maxShape.map((most) => (Number.isFinite(most) ? most : null)) } : {}),
    ...(filters.length === 0 ? {} : { filters: filters.map(filterText) }),
  };
}

/** The name of a filter, with the level where it has one. */
function filterText({ id, name, parameters: [level] }: Hdf5Filter): string {
  const hasLevel = id === filterIds.deflate || id === filterIds.zstd;
  return hasLevel && level !== undefined ? `${name} ${level}` : name;
}
