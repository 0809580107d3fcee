import type { InspectionWarning, VariableDescription } from '../catalog/format-inspection.ts';
import { FormatError } from '../format-error.ts';
import { product } from '../value/lazy-array.ts';
import { elementTypeOf } from './decode-elements.ts';
import type { Hdf5Dataset, Hdf5Group, Hdf5Link, Hdf5Object } from './hdf5-file.ts';
import type { Hdf5LinkTarget } from './hdf5-link.ts';

/** What a file holds by name, and what kept some from being listed. */
export interface DescribedTree {
  readonly variables: readonly VariableDescription[];
  readonly warnings: readonly InspectionWarning[];
  readonly groupCount: number;
  readonly datasetCount: number;
}

const mostNames = 10_000;
const deepestShown = 64;

/** Describes the groups, datasets, links and attributes of a file. Elements are not read, and each object is described once. */
export async function describeTree(open: () => Promise<Hdf5Group>): Promise<DescribedTree> {
  const description = new TreeDescription();
  const variables: VariableDescription[] = [];
  const warnings: InspectionWarning[] = [];
  try {
    await description.add(await open(), variables, 0);
  } catch (error) {
    if (!FormatError.isInstance(error)) throw error;
    const message = `Not all objects are listed: at byte ${error.offset}, ${error.reason}.`;
    warnings.push({ code: 'variables-not-listed', message });
  }
  if (description.isCut)
    warnings.push({
      code: 'variables-not-listed',
      message: `Not all objects are listed: at most ${mostNames} names are, and ${deepestShown} groups inside of each other.`,
    });
  const { groupCount, datasetCount } = description;
  return { variables, warnings, groupCount, datasetCount };
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
    const children: VariableDescription[] = [];
    this.#push(into, { ...describeObject(name, object), children });
    if (object.kind !== 'group') children.push(...(await attributesOf(object)));
    else if (depth < deepestShown) await this.add(object, children, depth + 1);
    else this.isCut = true;
    if (object.kind === 'dataset') this.datasetCount += 1;
  }

  #push(into: VariableDescription[], description: VariableDescription): void {
    if (this.#nameCount === mostNames) this.isCut = true;
    if (this.isCut) return;
    this.#nameCount += 1;
    into.push(description);
  }
}

async function attributesOf(object: Hdf5Object): Promise<VariableDescription[]> {
  const attributes = await object.attributes();
  return attributes.map(({ name, typeText, shape }) => ({ name: `@${name}`, type: typeText, shape }));
}

function describeObject(name: string, object: Hdf5Object): VariableDescription {
  if (object.kind === 'group') return { name, type: 'group', shape: [] };
  if (object.kind === 'type') return { name, type: `type ${object.typeText}`, shape: [] };
  const dtype = elementTypeOf(object.type);
  const size = dtype === undefined ? {} : { sizeBytes: sizeOf(object) };
  return { name, type: [object.typeText, ...storageOf(object)].join(', '), shape: object.shape, ...size };
}

function sizeOf({ shape, type }: Hdf5Dataset): number {
  return product(shape) * type.sizeBytes;
}

/** How a dataset is stored, where that is not plain. */
function storageOf({ layout, chunk, filters }: Hdf5Dataset): string[] {
  const stored = chunk === undefined ? layout : `chunks ${chunk.join(' × ')}`;
  return [...(layout === 'contiguous' ? [] : [stored]), ...filters.map(({ name }) => name)];
}

function linkText(target: Hdf5LinkTarget): string {
  switch (target.kind) {
    case 'soft':
      return `soft link to ${target.path}`;
    case 'external':
      return `external link to ${target.path} in ${target.file}`;
    default:
      return 'user-defined link';
  }
}
