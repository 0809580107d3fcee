import type { VariableDescription } from '../catalog/format-inspection.ts';
import type { Hdf5File, Hdf5Object } from '../hdf5/hdf5-file.ts';
import { openHdf5 } from '../hdf5/read-hdf5.ts';
import type { ByteRangeSource } from '../source/byte-range-source.ts';
import { elementBytes } from '../value/element-bytes.ts';
import { product } from '../value/lazy-array.ts';
import type { OpenOptions } from '../zip/zip-file.ts';
import { describe73, type Matlab73Object, membersOf, referencesOf } from './matlab73-object.ts';
import { Matlab73Reader } from './matlab73-values.ts';
import { variablesOf } from './read-matlab73.ts';

const deepestShown = 16;
const mostChildren = 1000;
const mostNames = 10_000;

/** Describes the variables of a file of version 7.3 as a tree. Of their values, only references are read. */
export async function* describeMatlab73(
  source: ByteRangeSource,
  options: OpenOptions,
): AsyncGenerator<VariableDescription> {
  const file = await openHdf5(source, options);
  const tree = new Matlab73Tree(file);
  for await (const { name, described } of variablesOf(file)) yield await tree.describe(name, described, 0);
}

class Matlab73Tree {
  readonly #reader: Matlab73Reader;
  #nameCount = 0;

  constructor(file: Hdf5File) {
    this.#reader = new Matlab73Reader(file);
  }

  async describe(name: string, described: Matlab73Object, depth: number): Promise<VariableDescription> {
    this.#nameCount += 1;
    const { className, statedClass, kind, dims, dtype } = described;
    const type = kind === 'opaque' && depth > 0 ? statedClass : className;
    const size = dtype === undefined ? {} : { sizeBytes: elementBytes(dtype, product(dims)) };
    const description = { name, type, shape: dims, ...size };
    if (depth >= deepestShown || !['struct', 'cell', 'opaque'].includes(kind)) return description;
    const children: VariableDescription[] = [];
    for await (const [child, object] of this.#parts(described)) {
      if (children.length >= mostChildren || this.#nameCount >= mostNames) break;
      children.push(await this.describe(child, await describe73(object), depth + 1));
    }
    return children.length === 0 ? description : { ...description, children };
  }

  /** The fields and cells of an object. */
  async *#parts(described: Matlab73Object): AsyncGenerator<readonly [string, Hdf5Object]> {
    const { object, kind, isEmpty } = described;
    if (isEmpty) return;
    if (kind === 'cell') yield* this.#numbered(object, (place) => `{${place}}`);
    for (const [name, member] of await membersOf(described)) {
      if (!(await referencesOf(member))) yield [name, member];
      else yield* this.#numbered(member, (place, isOne) => (isOne ? name : `(${place}).${name}`));
    }
  }

  async *#numbered(
    object: Hdf5Object,
    nameOf: (place: number, isOne: boolean) => string,
  ): AsyncGenerator<readonly [string, Hdf5Object]> {
    const isOne = object.kind === 'dataset' && product(object.shape) === 1;
    let place = 0;
    for await (const target of this.#reader.referenced(object)) {
      place += 1;
      if (target !== undefined) yield [nameOf(place, isOne), target];
    }
  }
}
